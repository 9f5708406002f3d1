import type { Sql } from '@rewardbook/db/client';
import type { ExcludedCounts } from '@rewardbook/domain/close/exclusions';

/** What a fold needs besides the events. Instants in epoch milliseconds. */
export interface FoldCall {
  readonly programId: number;
  readonly closeNo: number;
  /** null: a dry run, which writes nothing and also takes batches that no close has seen. */
  readonly attemptId: string | null;
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
  /** Whether pairs are asked for next, on the same connection. */
  readonly keepPairs: boolean;
  /** Whether the follows at the start of the first close's period are asked for next, on the same connection. */
  readonly keepStart: boolean;
}

/** Net counts as columns, by creatorId in byte order: a million objects would cost several times the memory. */
export interface FoldedCreators {
  readonly creatorIds: string[];
  readonly netLikes: number[];
  readonly netFollows: number[];
  /** Active follows at the end of the period, where they were asked for. */
  readonly followers: number[];
}

export interface Folded extends FoldedCreators {
  readonly excluded: ExcludedCounts[];
}

type FoldRow = { creatorId: string | null; netLikes: number; netFollows: number; followers: number } & (
  | ExcludedCounts
  | { rule: null; events: null; likes: null; follows: null }
);

/** Events that a close is the first to see: what its cost follows. */
export async function countNewEvents(sql: Sql, programId: number, closeNo: number): Promise<number> {
  const [row] = await sql<{ events: number }[]>`
    SELECT coalesce(sum(accepted), 0)::float8 AS events FROM ingest_batch
    WHERE program_id = ${programId} AND (seen_close IS NULL OR seen_close = ${closeNo})`;
  return row?.events ?? 0;
}

/**
 * Judges and folds the events of a share of the viewers (`part` from 0, of `parts`).
 *
 * Read with `forEach`: all of it or an error. A postgres.js cursor whose connection dies between two pieces just ends.
 */
export async function foldEvents(sql: Sql, call: FoldCall, part: number, parts: number): Promise<Folded> {
  const folded: Folded = { creatorIds: [], netLikes: [], netFollows: [], followers: [], excluded: [] };
  const terms = JSON.stringify({ ...foldTerms(call), part, parts });
  await sql<FoldRow[]>`
    SELECT creator_id AS "creatorId", net_likes::float8 AS "netLikes", net_follows::float8 AS "netFollows",
           followers::float8 AS followers, rule, events::float8 AS events, added_likes::float8 AS likes,
           added_follows::float8 AS follows
    FROM fold_events(jsonb_populate_record(NULL::fold_terms, ${terms}::text::jsonb))`.forEach((row) => {
    if (row.rule !== null) {
      const { rule, events, likes, follows } = row;
      folded.excluded.push({ rule, events, likes, follows });
    } else if (row.creatorId !== null) {
      folded.creatorIds.push(row.creatorId);
      folded.netLikes.push(row.netLikes);
      folded.netFollows.push(row.netFollows);
      folded.followers.push(row.followers);
    }
  });
  return folded;
}

/** What `fold_terms` is made of. */
function foldTerms(call: FoldCall) {
  return {
    program_id: call.programId,
    close_no: call.closeNo,
    attempt_id: call.attemptId,
    starts_at: call.start,
    ends_at: call.end,
    first_start: call.firstStart,
    late_before: call.lateBefore,
    creators_version: call.creatorsVersion,
    blocked_viewers: call.blockedViewers,
    blocked_creators: call.blockedCreators,
    max_per_hour: call.maxEventsPerViewerPerHour,
    max_toggles: call.maxTogglesPerEngagement,
    max_likes_per_pair: call.maxLikesPerPair,
    min_age_hours: call.minViewerAgeHours,
    period_bounds: call.bounds,
    count_followers: call.countFollowers,
    joined_days: call.joined.map((joined) => joined.day),
    joined_instants: call.joined.map((joined) => joined.start),
    keep_pairs: call.keepPairs,
    keep_start: call.keepStart,
  };
}

/** Which events a close judges. */
export type FoldBounds = Pick<FoldCall, 'programId' | 'closeNo' | 'attemptId' | 'start' | 'end'>;

/** UTC days (since 1970-01-01) of the events that a close judges. */
export async function judgedDays(sql: Sql, call: FoldBounds): Promise<number[]> {
  const rows = await sql<{ day: number }[]>`
    SELECT d::float8 AS day FROM judged_days(
      ${call.programId}, ${call.closeNo}, ${call.start}::bigint, ${call.end}::bigint, ${call.attemptId === null}) AS d`;
  return rows.map((row) => row.day);
}
