import type { ChangedPayout, ChangeKind } from '@rewardbook/contracts/api/run-changes';
import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '@rewardbook/db/client';
import { beginsWith, contains, keyset, type ListPlace, where } from '@rewardbook/db/lists/conditions';
import { allOf, piece, runPiece, type SqlPiece } from '@rewardbook/db/lists/sql-piece';

/** Two runs of a program; 0 for none. */
export interface ComparedRuns {
  readonly programId: number;
  readonly runNumber: number;
  readonly previous: number;
}

/** The run before one that was not discarded. */
export async function findRunBefore(
  sql: Sql,
  programId: number,
  runNumber: number,
): Promise<{ runNumber: number; runId: string } | undefined> {
  const [row] = await sql<{ runNumber: number; runId: string }[]>`
    SELECT run_no AS "runNumber", run_id AS "runId" FROM payout_run
    WHERE program_id = ${programId} AND run_no < ${runNumber} AND status <> 'discarded' ORDER BY run_no DESC LIMIT 1`;
  return row;
}

// What is due in one of the two runs or in both.
const compared = ({ programId, runNumber, previous }: ComparedRuns): SqlPiece => {
  const due = (run: number): SqlPiece => piece`
    SELECT p.creator_id, p.net FROM payout p WHERE p.program_id = ${programId} AND p.run_no = ${run} AND p.status = 'due'`;
  return piece`
    SELECT coalesce(n.creator_id, b.creator_id) AS creator_id, coalesce(b.net, 0) AS before, coalesce(n.net, 0) AS now,
           coalesce(n.net, 0) - coalesce(b.net, 0) AS difference,
           CASE WHEN b.creator_id IS NULL THEN 'new' WHEN n.creator_id IS NULL THEN 'gone' WHEN n.net > b.net THEN 'up'
                WHEN n.net < b.net THEN 'down' ELSE 'same' END AS kind
    FROM (${due(runNumber)}) AS n FULL JOIN (${due(previous)}) AS b ON b.creator_id = n.creator_id`;
};

/** Money in major units. */
export interface SummedChange {
  readonly kind: ChangeKind;
  readonly creators: number;
  readonly before: string;
  readonly now: string;
  readonly difference: string;
}

/** The changes by kind; a kind that nobody has is left out. */
export function sumChanges(sql: Sql, runs: ComparedRuns): Promise<SummedChange[]> {
  return runPiece<SummedChange>(
    sql,
    piece`
      SELECT c.kind, count(*)::float8 AS creators, sum(c.before)::text AS before, sum(c.now)::text AS now,
             sum(c.difference)::text AS difference
      FROM (${compared(runs)}) AS c GROUP BY c.kind ORDER BY c.kind`,
  );
}

export interface ChangeFilter {
  readonly kind?: ChangeKind | undefined;
  readonly find?: string | undefined;
  readonly prefix?: string | undefined;
}

const creatorId = piece`c.creator_id`;
const SORTS = { creator: creatorId, difference: piece`c.difference` } as const;

/** A page of changes, creator by creator. */
export function listChanges(
  sql: Sql,
  runs: ComparedRuns,
  { kind, find, prefix }: ChangeFilter,
  page: { sort: keyof typeof SORTS; order: ListOrder; after: ListPlace | undefined; limit: number },
): Promise<ChangedPayout[]> {
  const place = keyset({ by: SORTS[page.sort], type: 'numeric', id: creatorId, order: page.order }, page.after);
  const conditions = allOf([
    ...where(kind, (value) => piece`c.kind = ${value}`),
    ...where(find, (value) => contains(creatorId, value)),
    ...where(prefix, (value) => beginsWith(creatorId, value)),
    place.isAfter,
  ]);
  return runPiece<ChangedPayout>(
    sql,
    piece`
      SELECT c.creator_id AS "creatorId", c.kind, c.before::text, c.now::text, c.difference::text
      FROM (${compared(runs)}) AS c WHERE ${conditions} ORDER BY ${place.orderBy} LIMIT ${page.limit}`,
  );
}
