import type { BooksLive } from '@rewardbook/contracts/api/live/books';
import type { Sql } from '@rewardbook/db/client';

const RUNS_SHOWN = 20;
const REQUESTS_SHOWN = 20;

type Overview = Pick<BooksLive, 'journal' | 'closes' | 'runs' | 'approvals'>;

/** What of a program's books may change at any time, by a few look-ups in indexes. */
export async function readOverview(sql: Sql, programId: number): Promise<Overview> {
  const [row] = await sql<Overview[]>`
    SELECT
      (SELECT json_build_object('seq', h.seq) FROM program_head h WHERE h.program_id = ${programId}) AS journal,
      (SELECT json_build_object('closed', count(*), 'last', max(period)) FROM close
       WHERE program_id = ${programId} AND status = 'closed') AS closes,
      (SELECT coalesce(json_agg(r ORDER BY r.run_no DESC), '[]') FROM (
         SELECT run_no, run_id AS "runId", status FROM payout_run WHERE program_id = ${programId}
         ORDER BY run_no DESC LIMIT ${RUNS_SHOWN}
       ) AS r) AS runs,
      json_build_object(
        'pending', (SELECT count(*) FROM approval_request WHERE program_id = ${programId} AND status = 'pending'),
        'newest', (
          SELECT coalesce(json_agg(a ORDER BY a.request DESC), '[]') FROM (
            SELECT request_no AS request, status FROM approval_request WHERE program_id = ${programId}
            ORDER BY request_no DESC LIMIT ${REQUESTS_SHOWN}
          ) AS a)) AS approvals`;
  if (row === undefined) {
    throw new Error('no row of a program');
  }
  return row;
}
