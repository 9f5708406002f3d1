import type { Sql } from '@rewardbook/db/client';

/** Programs whose balances' checkpoint is far enough behind the journal to be rolled. */
export async function programsToRoll(sql: Sql): Promise<number[]> {
  const rows = await sql<{ programId: number }[]>`SELECT program_id AS "programId" FROM roll_due`;
  return rows.map(({ programId }) => programId);
}

/** Brings the balances' checkpoint up to the journal's last entry; no balance changes by it. */
export async function rollBalances(sql: Sql, programId: number): Promise<void> {
  await sql`SELECT roll_balances(${programId})`;
}
