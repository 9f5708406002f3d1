import type { Sql } from '@rewardbook/db/client';

/** Acts while every backend that writes to a table is killed in the middle of it. */
export async function killedAt<Outcome>(owner: Sql, table: string, act: () => Promise<Outcome>): Promise<Outcome> {
  await owner.unsafe(`
    CREATE FUNCTION public.die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    GRANT EXECUTE ON FUNCTION pg_terminate_backend TO PUBLIC;
    CREATE TRIGGER die AFTER INSERT OR UPDATE ON rewardbook.${table} FOR EACH STATEMENT EXECUTE FUNCTION public.die()`);
  try {
    return await act();
  } finally {
    await owner.unsafe('DROP FUNCTION public.die CASCADE');
  }
}
