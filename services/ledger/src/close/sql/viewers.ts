import { plainArray, textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import { inPages, PAGE_ROWS } from '@rewardbook/db/pages';
import type { PairSink } from '@rewardbook/domain/allocation/viewer-units';
import type { LockstepGroup } from '@rewardbook/domain/events/lockstep';

/**
 * Gives on the pairs of the fold that this connection has done, viewer by viewer, as they arrive: none is kept.
 *
 * @param sql the single connection that folded with `keepPairs`; fails on any other
 */
export async function readPairs(sql: Sql, sink: PairSink): Promise<void> {
  await sql<{ viewerId: string; pairs: string }[]>`
    SELECT viewer_id AS "viewerId", pairs FROM read_pairs()`.forEach(({ viewerId, pairs }) => {
    for (const line of pairs.split('\n')) {
      const [creatorId = '', likes, follows] = line.split('\t');
      sink.add(viewerId, creatorId, Number(likes), Number(follows));
    }
  });
  sink.end();
}

/** Which follows to count: as of the close before `closeNo`, by that close's blocked lists, creators and days of joining. */
export interface FollowsBeforeCall {
  readonly programId: number;
  readonly closeNo: number;
  readonly blockedViewers: readonly string[];
  readonly blockedCreators: readonly string[];
  readonly creatorsVersion: number;
  /** Days of joining and the instants at which they start. */
  readonly joined: readonly { readonly day: string; readonly start: number }[];
}

/**
 * Active follows of creators at the close before, of a share of the viewers.
 *
 * @param sql for the first close the single connection that folded with `keepStart`
 */
export async function readFollowsBefore(
  sql: Sql,
  call: FollowsBeforeCall,
  part: number,
  parts: number,
  each: (creatorId: string, follows: number) => void,
): Promise<void> {
  await sql<{ creatorId: string; follows: number }[]>`
    SELECT creator_id AS "creatorId", follows::float8 AS follows FROM count_follows_before(
      ${call.programId}, ${call.closeNo}, ${textArray(call.blockedViewers)}::text[], ${textArray(call.blockedCreators)}::text[],
      ${call.creatorsVersion}, ${textArray(call.joined.map((j) => j.day))}::date[],
      ${plainArray(call.joined.map((j) => j.start))}::bigint[], ${part}, ${parts})`.forEach(
    ({ creatorId, follows }) => {
      each(creatorId, follows);
    },
  );
}

export interface LockstepCall {
  readonly programId: number;
  readonly closeNo: number;
  /** null: a dry run, which also takes batches that no close has seen. */
  readonly attemptId: string | null;
  readonly start: number;
  readonly end: number;
  readonly windowMs: number;
  readonly maxWindowViewers: number;
}

/** The viewers of each window that lockstep compares, one window after the other. */
export async function readLockstepWindows(
  sql: Sql,
  call: LockstepCall,
  each: (viewerIds: readonly string[]) => void,
): Promise<void> {
  await sql<{ viewers: string }[]>`
    SELECT viewers FROM lockstep_windows(
      ${call.programId}, ${call.closeNo}, ${call.start}::bigint, ${call.end}::bigint, ${call.attemptId === null},
      ${call.windowMs}::bigint, ${call.maxWindowViewers})`.forEach(({ viewers }) => {
    each(viewers.split('\n'));
  });
}

/** Stages a piece of the groups that an attempt has found; they are numbered from 1 over all pieces. */
export async function stageLockstep(
  sql: Sql,
  programId: number,
  attemptId: string,
  first: number,
  groups: readonly LockstepGroup[],
): Promise<void> {
  await sql`
    SELECT stage_lockstep(
      ${programId}, ${attemptId}::bigint, ${first}, ${textArray(groups.map((g) => g.viewers.join('\n')))}::text[],
      ${plainArray(groups.map((g) => g.links))}::bigint[], ${plainArray(groups.map((g) => g.matches))}::bigint[])`.catch(
    asRefusal,
  );
}

export interface NumberedGroup extends LockstepGroup {
  /** From 1. */
  readonly number: number;
}

export function listLockstep(
  sql: Sql,
  programId: number,
  attemptId: string,
  { after, limit }: { after: number; limit: number },
): Promise<NumberedGroup[]> {
  return sql<NumberedGroup[]>`
    SELECT group_no AS number, viewers, links::float8 AS links, matches::float8 AS matches FROM lockstep_group
    WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint AND group_no > ${after}
    ORDER BY group_no LIMIT ${limit}`;
}

/** All groups of a close in their order, in pieces; they never change. */
export function readLockstep(
  sql: Sql,
  programId: number,
  attemptId: string,
): AsyncGenerator<readonly NumberedGroup[], void, undefined> {
  return inPages<NumberedGroup>((last) =>
    listLockstep(sql, programId, attemptId, { after: last?.number ?? 0, limit: PAGE_ROWS }),
  );
}
