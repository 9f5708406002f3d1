import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { RiskRule } from '@rewardbook/domain/risk-rule';

/** What a fold needs besides the events. Instants in epoch milliseconds. */
export interface FoldCall {
  readonly programId: number;
  readonly closeNo: number;
  /** null: a dry run, which writes nothing and also takes batches that no close has seen. */
  readonly foldId: string | null;
  readonly start: number;
  readonly end: number;
  readonly firstStart: number;
  /** Likes and follows that occurred earlier are tooLate; null: none is. */
  readonly lateBefore: number | null;
  readonly creatorsVersion: number;
  readonly blockedViewers: readonly string[];
  readonly blockedCreators: readonly string[];
  readonly maxEventsPerViewerPerHour: number | null;
  readonly maxTogglesPerEngagement: number | null;
  readonly maxLikesPerPair: number | null;
  readonly minViewerAgeHours: number | null;
  /** Sorted bounds of the periods of the judged events, or null where no limit needs them. */
  readonly bounds: readonly number[] | null;
  readonly countFollowers: boolean;
  /** Days of joining and the instants at which they start. */
  readonly joined: readonly { readonly day: string; readonly start: number }[];
}

/** One creator's net counts (rule null), or one rule's exclusions (creatorId null). */
export interface FoldRow {
  readonly creatorId: string | null;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly followers: number;
  readonly rule: RiskRule | null;
  readonly events: number;
  readonly addedLikes: number;
  readonly addedFollows: number;
}

const PIECE = 5_000;

/** Opens an attempt of a close. */
export async function beginFold(sql: Sql, programId: number, closeNo: number): Promise<string> {
  const [row] = await sql<{ foldId: string }[]>`SELECT begin_fold(${programId}, ${closeNo})::text AS "foldId"`;
  if (row === undefined) throw new Error('begin_fold gave no row');
  return row.foldId;
}

/** Judges and folds the events of a close; rows in pieces, exclusions first, then creators in byte order. */
export function foldEvents(sql: Sql, call: FoldCall): AsyncIterable<FoldRow[]> {
  const bounds = call.bounds === null ? null : plainArray(call.bounds);
  return sql<FoldRow[]>`
    SELECT creator_id AS "creatorId", net_likes::float8 AS "netLikes", net_follows::float8 AS "netFollows",
           followers::float8 AS followers, rule, events::float8 AS events, added_likes::float8 AS "addedLikes",
           added_follows::float8 AS "addedFollows"
    FROM fold_events(
      ${call.programId}, ${call.closeNo}, ${call.foldId}::bigint, ${call.start}::bigint, ${call.end}::bigint,
      ${call.firstStart}::bigint, ${call.lateBefore}::bigint, ${call.creatorsVersion},
      ${textArray(call.blockedViewers)}::text[], ${textArray(call.blockedCreators)}::text[],
      ${call.maxEventsPerViewerPerHour}, ${call.maxTogglesPerEngagement}, ${call.maxLikesPerPair}, ${call.minViewerAgeHours},
      ${bounds}::bigint[], ${call.countFollowers},
      ${textArray(call.joined.map((j) => j.day))}::date[], ${plainArray(call.joined.map((j) => j.start))}::bigint[])
  `.cursor(PIECE);
}

/** UTC days (since 1970-01-01) of the events that a close judges. */
export async function judgedDays(
  sql: Sql,
  call: Pick<FoldCall, 'programId' | 'closeNo' | 'foldId' | 'start' | 'end'>,
): Promise<number[]> {
  const rows = await sql<{ day: number }[]>`
    SELECT d::float8 AS day FROM judged_days(
      ${call.programId}, ${call.closeNo}, ${call.start}::bigint, ${call.end}::bigint, ${call.foldId === null}) AS d`;
  return rows.map((row) => row.day);
}

/** Removes what attempts older than this have left behind; gives how many. */
export async function sweepAttempts(sql: Sql, olderThanSeconds: number): Promise<number> {
  const [row] = await sql<{ swept: number }[]>`
    SELECT sweep_attempts(make_interval(secs => ${olderThanSeconds})) AS swept`.catch(asRefusal);
  return row?.swept ?? 0;
}
