import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sql } from 'postgres';

const run = promisify(execFile);
const CHUNK = Buffer.alloc(65_536);

/** A separate disk for some tables of a test database, which can be full. */
export interface SmallDisk {
  /** How it is done: a real file system, or what Postgres would raise. */
  readonly kind: 'file system' | 'trigger';
  fill(): Promise<void>;
  free(): Promise<void>;
  /** To be called once the database is gone. */
  remove(admin: Sql): Promise<void>;
}

/**
 * Puts tables on a small file system in memory, where we may mount one; elsewhere a trigger raises what Postgres raises on a full disk.
 *
 * @param owner superuser of the database
 */
export async function putOnSmallDisk(owner: Sql, tables: readonly string[]): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-disk-'));
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'rewardbook-test', folder]).then(
    () => true,
    () => false, // not root, or a container that may not
  );
  return isMounted ? mounted(owner, tables, folder) : raised(owner, tables, folder);
}

async function mounted(owner: Sql, tables: readonly string[], folder: string): Promise<SmallDisk> {
  const place = join(folder, 'tables');
  await mkdir(place);
  const [row] = await owner<{ path: string }[]>`SELECT current_setting('data_directory') AS path`;
  const { uid, gid } = await stat(row?.path ?? '');
  await chown(folder, uid, gid);
  await chown(place, uid, gid);
  const name = `small_${process.pid}_${Date.now()}`;
  await owner.unsafe(`CREATE TABLESPACE ${name} LOCATION '${place}'`);
  for (const table of tables) {
    await owner.unsafe(`ALTER TABLE ${table} SET TABLESPACE ${name}`);
  }
  const filler = join(folder, 'filler');
  return {
    kind: 'file system',
    fill: async () => {
      const file = await open(filler, 'a');
      try {
        for (;;) {
          await file.write(CHUNK);
        }
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) {
          throw error;
        }
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    remove: async (admin) => {
      await admin.unsafe(`DROP TABLESPACE ${name}`);
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

async function raised(owner: Sql, tables: readonly string[], folder: string): Promise<SmallDisk> {
  await owner.unsafe(`
    CREATE TABLE public.small_disk (is_full boolean NOT NULL);
    INSERT INTO public.small_disk VALUES (false);
    GRANT SELECT ON public.small_disk TO PUBLIC;
    CREATE FUNCTION public.write_to_small_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (SELECT is_full FROM public.small_disk) THEN
        RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100';
      END IF;
      RETURN NULL;
    END $$`);
  for (const table of tables) {
    await owner.unsafe(`CREATE TRIGGER small_disk AFTER INSERT ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION public.write_to_small_disk()`);
  }
  const set = async (isFull: boolean): Promise<void> => {
    await owner`UPDATE public.small_disk SET is_full = ${isFull}`;
  };
  return {
    kind: 'trigger',
    fill: () => set(true),
    free: () => set(false),
    remove: () => rm(folder, { recursive: true }),
  };
}
