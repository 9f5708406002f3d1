import { findCloseByNumber } from '@rewardbook/db/books/closes';
import { requirePolicy } from '@rewardbook/db/books/policies';
import { boostsByGrowth } from '@rewardbook/domain/allocation/boost';
import { asksForFollowers } from '@rewardbook/domain/close/close';
import type { CreatorFacts } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { parseDate } from '@rewardbook/domain/values/calendar';
import { startOfDate } from '@rewardbook/domain/values/time-zone';
import type { ExplainedCreator } from './explanation-scope.ts';
import { findFacts } from './sql/close.ts';
import { countFollows, countFollowsAtStart, type FollowsFilter } from './sql/events.ts';

/** What eligibility and boosts asked about a creator, worked out again. */
export interface ExplainedFacts {
  readonly registered: () => CreatorFacts | undefined;
  readonly followers: () => number;
  readonly followersBefore: () => number;
}

/** Followers are counted only if the policy asks for them: that reads the whole register. */
export async function creatorFacts(creator: ExplainedCreator): Promise<ExplainedFacts> {
  const { context, creatorId, close } = creator;
  const facts = await findFacts(context.sql, context.program.programId, close.creatorsVersion, creatorId);
  const followers = asksForFollowers(close.policy) ? await followersNow(creator, facts) : 0;
  const before = boostsByGrowth(close.policy) ? await followersBefore(creator, facts) : 0;
  return { registered: () => facts, followers: () => followers, followersBefore: () => before };
}

async function followersNow(
  { context, close, scope }: ExplainedCreator,
  facts: CreatorFacts | undefined,
): Promise<number> {
  const filter = filterOf(scope.creatorId, close.policy, facts);
  return onJoining(facts) + (filter === undefined ? 0 : await countFollows(context.sql, scope, filter));
}

/** By what the close before used; for the first close, at its period's start. */
async function followersBefore(
  { context, close, scope }: ExplainedCreator,
  facts: CreatorFacts | undefined,
): Promise<number> {
  const { sql, program } = context;
  const before = await findCloseByNumber(sql, program.programId, close.closeNo - 1);
  if (before === undefined) {
    const filter = filterOf(scope.creatorId, close.policy, facts);
    return onJoining(facts) + (filter === undefined ? 0 : await countFollowsAtStart(sql, scope, filter));
  }
  const { policy } = await requirePolicy(sql, program.programId, before.policyVersion);
  const then = await findFacts(sql, program.programId, before.creatorsVersion, scope.creatorId);
  const filter = filterOf(scope.creatorId, policy, then);
  if (filter === undefined) {
    return onJoining(then);
  }
  return onJoining(then) + (await countFollows(sql, { ...scope, closeNo: close.closeNo - 1 }, filter));
}

/** undefined: no follow counts. */
function filterOf(
  creatorId: string,
  { risk, timeZone }: Pick<Policy, 'risk' | 'timeZone'>,
  facts: CreatorFacts | undefined,
): FollowsFilter | undefined {
  if (risk.blockedCreators?.includes(creatorId)) {
    return undefined;
  }
  const day = facts?.joinedOn == null ? undefined : parseDate(facts.joinedOn);
  return {
    blockedViewers: risk.blockedViewers ?? [],
    joinedAt: day === undefined ? null : startOfDate(day, timeZone),
  };
}

function onJoining(facts: CreatorFacts | undefined): number {
  return facts?.followers ?? 0;
}
