import type { Sql } from '@rewardbook/db/client';

/** The secret of a close under way; the first call makes it. Never to be shown or logged. */
export async function fixCloseSecret(sql: Sql, programId: number, period: string): Promise<string> {
  const [row] = await sql<{ secret: string | null }[]>`
    SELECT fix_close_secret(${programId}, ${period}) AS secret`;
  if (row?.secret == null) {
    throw new Error('fix_close_secret gave nothing');
  }
  return row.secret;
}

/** The secret of a close, or null where it was closed before there were proofs. Never to be shown or logged. */
export async function closeSecretOf(sql: Sql, programId: number, period: string): Promise<string | null> {
  const [row] = await sql<{ secret: string | null }[]>`SELECT close_secret_of(${programId}, ${period}) AS secret`;
  return row?.secret ?? null;
}
