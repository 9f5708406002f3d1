import type { ExplainedEngagement } from '@rewardbook/contracts/api/explanation';
import type { Sql } from '@rewardbook/db/client';

/** Which events and engagements: those of one creator at one close. */
export interface ExplainedScope {
  readonly programId: number;
  readonly closeNo: number;
  readonly attemptId: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly creatorId: string;
}

// What a close judged: of sealed batches that it had seen, those seen first by it and those of its own period. The events of these
// batches are searched through: they have no index by creator, which would cost ingest more than it saves here.
const judged = (sql: Sql, { programId, closeNo, attemptId, startsAt, endsAt, creatorId }: ExplainedScope) => sql`
  SELECT e.viewer_id, e.content_id, e.active, e.occurred_at, e.id, e.source, x.rule, coalesce(x.in_register, true) AS in_register
  FROM event e
  JOIN ingest_batch b ON b.batch_id = e.batch_id AND b.program_id = ${programId} AND b.accepted > 0 AND b.seen_close <= ${closeNo}
    AND b.occurred_min < ${endsAt}::bigint AND (b.seen_close = ${closeNo} OR b.occurred_max >= ${startsAt}::bigint)
  LEFT JOIN exclusion x ON x.program_id = ${programId} AND x.attempt_id = ${attemptId}::bigint
    AND x.viewer_id = e.viewer_id AND x.event_id = e.id AND x.source = e.source
  WHERE e.program_id = ${programId} AND e.creator_id = ${creatorId} AND e.occurred_at < ${endsAt}::bigint
    AND (b.seen_close = ${closeNo} OR e.occurred_at >= ${startsAt}::bigint)`;

export interface EventCount {
  /** null: it counted. */
  readonly rule: string | null;
  readonly isLike: boolean;
  readonly active: boolean;
  readonly events: number;
}

export function countJudged(sql: Sql, scope: ExplainedScope): Promise<EventCount[]> {
  return sql<EventCount[]>`
    SELECT j.rule, j.content_id <> '' AS "isLike", j.active, count(*)::float8 AS events
    FROM (${judged(sql, scope)}) AS j GROUP BY 1, 2, 3`;
}

export interface JudgedEvent {
  readonly viewerId: string;
  readonly contentId: string;
  readonly active: boolean;
  readonly occurredAt: number;
  readonly id: string;
  readonly source: string;
  readonly rule: string | null;
  readonly inRegister: boolean;
}

/** An event's place in a list: by time, then id, source and viewer. */
export type EventPlace = readonly [occurredAt: number, id: string, source: string, viewerId: string];

export interface EventFilter {
  readonly viewerId: string | undefined;
  readonly contentId: string | undefined;
  /** A rule, or `counted`. */
  readonly rule: string | undefined;
  readonly after: EventPlace | undefined;
  readonly limit: number;
}

export function listJudged(
  sql: Sql,
  scope: ExplainedScope,
  { viewerId, contentId, rule, after, limit }: EventFilter,
): Promise<JudgedEvent[]> {
  const isAfter =
    after === undefined
      ? sql``
      : sql`AND (j.occurred_at, j.id, j.source, j.viewer_id) > (${after[0]}::bigint, ${after[1]}, ${after[2]}, ${after[3]})`;
  return sql<JudgedEvent[]>`
    SELECT j.viewer_id AS "viewerId", j.content_id AS "contentId", j.active, j.occurred_at::float8 AS "occurredAt", j.id, j.source,
           j.rule, j.in_register AS "inRegister"
    FROM (${judged(sql, scope)}) AS j
    WHERE (${viewerId ?? null}::text IS NULL OR j.viewer_id = ${viewerId ?? null})
      AND (${contentId ?? null}::text IS NULL OR j.content_id = ${contentId ?? null})
      AND (${rule ?? null}::text IS NULL OR coalesce(j.rule, 'counted') = ${rule ?? null}) ${isAfter}
    ORDER BY j.occurred_at, j.id, j.source, j.viewer_id LIMIT ${limit}`;
}

export type EventOutcome = ExplainedEngagement['outcome'];

// The rows of the register that this close wrote for the creator, and what each came to.
const changed = (sql: Sql, { programId, closeNo, attemptId, creatorId }: ExplainedScope) => sql`
  SELECT g.viewer_id, g.content_id, g.active, g.occurred_at, g.event_id, g.source, g.gained_close, g.lost_close,
         CASE WHEN g.gained_close = ${closeNo} THEN 'gained'
              WHEN g.lost_close = ${closeNo} AND EXISTS (
                SELECT 1 FROM close c JOIN allocation a ON a.program_id = c.program_id AND a.attempt_id = c.attempt_id
                WHERE c.program_id = ${programId} AND c.close_no = g.gained_close AND a.creator_id = ${creatorId} AND a.void) THEN 'lost-void'
              WHEN g.lost_close = ${closeNo} THEN 'lost'
              ELSE 'unchanged' END AS outcome
  FROM engagement g
  WHERE g.program_id = ${programId} AND g.attempt_id = ${attemptId}::bigint AND g.creator_id = ${creatorId}`;

export interface EngagementCount {
  readonly outcome: EventOutcome;
  readonly isLike: boolean;
  readonly engagements: number;
}

export function countEngagements(sql: Sql, scope: ExplainedScope): Promise<EngagementCount[]> {
  return sql<EngagementCount[]>`
    SELECT g.outcome, g.content_id <> '' AS "isLike", count(*)::float8 AS engagements
    FROM (${changed(sql, scope)}) AS g GROUP BY 1, 2`;
}

export interface ChangedEngagement {
  readonly viewerId: string;
  readonly contentId: string;
  readonly outcome: EventOutcome;
  readonly active: boolean;
  readonly occurredAt: number;
  readonly eventId: string;
  readonly source: string;
  readonly gainedIn: string | null;
  readonly lostIn: string | null;
}

export interface EngagementFilter {
  readonly outcome: EventOutcome | undefined;
  /** Viewer and content. */
  readonly after: readonly [string, string] | undefined;
  readonly limit: number;
}

export function listEngagements(
  sql: Sql,
  scope: ExplainedScope,
  { outcome, after, limit }: EngagementFilter,
): Promise<ChangedEngagement[]> {
  return sql<ChangedEngagement[]>`
    SELECT g.viewer_id AS "viewerId", g.content_id AS "contentId", g.outcome, g.active, g.occurred_at::float8 AS "occurredAt",
           g.event_id AS "eventId", g.source, CASE g.gained_close WHEN 0 THEN 'baseline' ELSE gained.period END AS "gainedIn",
           lost.period AS "lostIn"
    FROM (${changed(sql, scope)}) AS g
    LEFT JOIN close gained ON gained.program_id = ${scope.programId} AND gained.close_no = g.gained_close
    LEFT JOIN close lost ON lost.program_id = ${scope.programId} AND lost.close_no = g.lost_close
    WHERE (${outcome ?? null}::text IS NULL OR g.outcome = ${outcome ?? null})
      AND (g.viewer_id, g.content_id) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''})
    ORDER BY g.viewer_id, g.content_id LIMIT ${limit}`;
}

/** Which follows count. */
export interface FollowsFilter {
  readonly blockedViewers: readonly string[];
  /** Follows from before this instant (epoch milliseconds) are among those on joining; null: all count. */
  readonly joinedAt: number | null;
}

const countOf = async (
  sql: Sql,
  { blockedViewers, joinedAt }: FollowsFilter,
  follow: ReturnType<Sql>,
): Promise<number> => {
  const [row] = await sql<{ follows: number }[]>`
    SELECT count(*)::float8 AS follows FROM (${follow}) AS follow
    WHERE active AND viewer_id <> ALL (${[...blockedViewers]}::text[])
      AND (${joinedAt}::bigint IS NULL OR occurred_at >= ${joinedAt}::bigint)`;
  return row?.follows ?? 0;
};

/** Active follows of a creator at the end of the close, by the register as that close left it. */
export function countFollows(
  sql: Sql,
  { programId, closeNo, creatorId }: Pick<ExplainedScope, 'programId' | 'closeNo' | 'creatorId'>,
  filter: FollowsFilter,
): Promise<number> {
  return countOf(
    sql,
    filter,
    sql`
      SELECT DISTINCT ON (g.viewer_id) g.viewer_id, g.active, g.occurred_at
      FROM engagement g JOIN close c ON c.program_id = g.program_id AND c.attempt_id = g.attempt_id
      WHERE g.program_id = ${programId} AND g.creator_id = ${creatorId} AND g.content_id = '' AND c.close_no <= ${closeNo}
      ORDER BY g.viewer_id, c.close_no DESC`,
  );
}

/** Active follows of a creator when the period of the first close started, by the events that it judged. */
export function countFollowsAtStart(sql: Sql, scope: ExplainedScope, filter: FollowsFilter): Promise<number> {
  return countOf(
    sql,
    filter,
    sql`
      SELECT DISTINCT ON (j.viewer_id) j.viewer_id, j.active, j.occurred_at FROM (${judged(sql, scope)}) AS j
      WHERE j.in_register AND j.content_id = '' AND j.occurred_at < ${scope.startsAt}::bigint
      ORDER BY j.viewer_id, j.occurred_at DESC, j.id DESC, j.source DESC`,
  );
}
