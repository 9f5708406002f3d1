import type { Sql } from '@rewardbook/db/client';

/** Posts the holdbacks and releases that closes left pending, in order; returns for how many closes. Safe to repeat. */
export async function postHoldbacks(sql: Sql, programId: number): Promise<number> {
  const [row] = await sql<{ closes: number }[]>`SELECT post_holdbacks(${programId}) AS closes`;
  return row?.closes ?? 0;
}

/** Programs with a closed period whose holdback is not posted. */
export async function programsWithPendingHoldbacks(sql: Sql): Promise<number[]> {
  const rows = await sql<{ programId: number }[]>`
    SELECT DISTINCT c.program_id AS "programId" FROM close c
    WHERE c.status = 'closed'
      AND NOT EXISTS (SELECT 1 FROM close_holdback h WHERE h.program_id = c.program_id AND h.close_no = c.close_no)`;
  return rows.map(({ programId }) => programId);
}
