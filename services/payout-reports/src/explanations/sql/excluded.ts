import type { Sql } from '@rewardbook/db/client';
import { where } from '@rewardbook/db/lists/conditions';
import { allOf, piece, runPiece } from '@rewardbook/db/lists/sql-piece';

/** Excluded events that are looked at for a page: they have no index by rule or creator, which would cost the close more than it saves here. */
const MAX_WALKED = 50_000;

/** An event that a rule excluded, with what it gave or took back. */
export interface ExcludedRow {
  readonly viewerId: string;
  readonly id: string;
  readonly source: string;
  readonly creatorId: string;
  readonly contentId: string;
  readonly occurredAt: number;
  readonly rule: string;
  readonly inRegister: boolean;
  readonly active: boolean;
}

/** An excluded event's place in the list. */
export type ExcludedPlace = readonly [viewerId: string, id: string, source: string];

export interface ExcludedQuery {
  readonly programId: number;
  readonly attemptId: string;
  readonly rule: string | undefined;
  readonly creatorId: string | undefined;
  readonly viewerId: string | undefined;
  readonly after: ExcludedPlace | undefined;
  readonly limit: number;
}

export interface ExcludedFound {
  readonly rows: readonly ExcludedRow[];
  readonly searched: number;
  /** Where the next page goes on; null at the end. */
  readonly next: ExcludedPlace | null;
}

/** A page of the events that a close excluded, by viewer, id and source. A search that finds little ends after MAX_WALKED of them. */
export async function listExcluded(sql: Sql, query: ExcludedQuery): Promise<ExcludedFound> {
  const { programId, attemptId, rule, creatorId, viewerId, after, limit } = query;
  const span = rule === undefined && creatorId === undefined ? limit + 1 : MAX_WALKED;
  const walk = allOf([
    piece`x.program_id = ${programId} AND x.attempt_id = ${attemptId}::bigint`,
    ...where(viewerId, (id) => piece`x.viewer_id = ${id}`),
    ...(after === undefined
      ? []
      : [piece`(x.viewer_id, x.event_id, x.source) > (${after[0]}, ${after[1]}, ${after[2]})`]),
  ]);
  const sought = allOf([
    ...where(rule, (value) => piece`x.rule = ${value}`),
    ...where(creatorId, (id) => piece`x.creator_id = ${id}`),
  ]);
  type Found = { [Key in keyof ExcludedRow]: ExcludedRow[Key] } & { searched: number; edge: string[] | null };
  const found = await runPiece<Found>(
    sql,
    piece`
      WITH walked AS MATERIALIZED (
        SELECT x.*, row_number() OVER (ORDER BY x.viewer_id, x.event_id, x.source) AS place FROM exclusion x WHERE ${walk}
        ORDER BY x.viewer_id, x.event_id, x.source LIMIT ${span}
      ), hit AS MATERIALIZED (SELECT * FROM walked x WHERE ${sought} ORDER BY x.place LIMIT ${limit + 1})
      SELECT w.searched, w.edge, h.viewer_id AS "viewerId", h.event_id AS id, h.source, h.creator_id AS "creatorId",
             h.content_id AS "contentId", h.occurred_at::float8 AS "occurredAt", h.rule, h.in_register AS "inRegister", e.active
      FROM (
        SELECT count(*)::float8 AS searched,
               (SELECT ARRAY[l.viewer_id, l.event_id, l.source] FROM walked l ORDER BY l.place DESC LIMIT 1) AS edge FROM walked
      ) AS w LEFT JOIN hit h ON true
      LEFT JOIN LATERAL (
        SELECT e.active FROM event e
        WHERE e.program_id = ${programId} AND e.id = h.event_id AND e.source = h.source AND e.viewer_id = h.viewer_id OFFSET 0
      ) AS e ON true
      ORDER BY h.place`,
  );
  const [first] = found;
  const searched = first?.searched ?? 0;
  const rows = found.filter(({ id }) => id !== null).map(({ searched: _searched, edge: _edge, ...row }) => row);
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  if (rows.length > limit && last !== undefined) {
    return { rows: kept, searched, next: [last.viewerId, last.id, last.source] };
  }
  const [viewer, id, source] = first?.edge ?? [];
  const goesOn = span === MAX_WALKED && searched === span;
  return {
    rows: kept,
    searched,
    next: goesOn && viewer !== undefined && id !== undefined && source !== undefined ? [viewer, id, source] : null,
  };
}
