import type { Explanation } from '@rewardbook/contracts/explanation';
import { parseDate } from '@rewardbook/domain/calendar';
import type { CreatorFacts } from '@rewardbook/domain/creator';
import { type ExplainedEligibility, explainEligibility } from '@rewardbook/domain/eligibility-conditions';
import { formatInstant } from '@rewardbook/domain/instant';
import { pointsOf, pointsScale } from '@rewardbook/domain/points';
import { RISK_RULES } from '@rewardbook/domain/risk-rule';
import { startOfDate } from '@rewardbook/domain/time-zone';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { formatScaled, scaleOf } from '@rewardbook/money/decimal';
import { type ExplainedAllocation, findAllocation, findFacts } from '../store/explained-close.ts';
import { countEngagements, countFollows, countJudged, type EventCount } from '../store/explained-events.ts';
import { explainedEntries } from './explained-entries.ts';
import { explainedPayout } from './explained-payout.ts';
import { explainShare } from './explained-share.ts';
import { type ExplainedCreator, explanationPath } from './explanation-scope.ts';

const NOTHING: ExplainedAllocation = {
  netLikes: 0,
  netFollows: 0,
  carriedIn: '0',
  carriedOut: '0',
  points: '0',
  weight: '0',
  amount: '0',
  void: false,
};

/**
 * The derivation of a creator's amount for a closed period, worked out again from what the close used. It has to come to what the
 * close gave: an explanation of something else would be worse than none, so it throws.
 */
export async function explain(creator: ExplainedCreator): Promise<Explanation> {
  const { context, creatorId, close, scope, period } = creator;
  const { sql, program } = context;
  const { currency, programId } = program;
  const path = explanationPath(creator);
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);

  const allocation = (await findAllocation(sql, programId, close.foldId, creatorId)) ?? NOTHING;
  const counts = await countJudged(sql, scope);
  const engagements = await engagementsOf(creator);
  const scale = Math.max(pointsScale(close.policy), scaleOf(allocation.carriedIn));
  const total = pointsOf(close.policy, scale)(allocation.netLikes, allocation.netFollows, allocation.carriedIn);
  const { eligible, conditions } = await eligibilityOf(creator, total, scale);
  const share = await explainShare({
    sql,
    programId,
    currency,
    close,
    creatorId,
    weight: BigInt(allocation.weight),
  });
  const amount = money(allocation.amount);
  const { gained, lost } = engagements;
  if (share.amount !== amount || eligible !== (allocation.points !== '0')) {
    throw new Error(`the derivation for ${creatorId} in ${period} comes to ${share.amount}, the close gave ${amount}`);
  }
  if (gained.likes - lost.likes !== allocation.netLikes || gained.follows - lost.follows !== allocation.netFollows) {
    throw new Error(`the register for ${creatorId} in ${period} does not come to the net counts of the close`);
  }

  return {
    program: program.slug,
    period,
    creator: creatorId,
    currency: currency.code,
    close: {
      number: close.closeNo,
      start: formatInstant(close.startsAt),
      end: formatInstant(close.endsAt),
      policyVersion: close.policyVersion,
      policyHash: close.policyHash,
      resultHash: close.resultHash,
      closedAt: close.closedAt.toISOString(),
    },
    events: { ...eventsOf(counts), link: `${path}/events` },
    engagements: { ...engagements, link: `${path}/engagements` },
    points: {
      likeWeight: close.policy.weights.like,
      followWeight: close.policy.weights.follow,
      netLikes: allocation.netLikes,
      netFollows: allocation.netFollows,
      carriedIn: allocation.carriedIn,
      total: formatScaled(total, scale),
      carriedOut: allocation.carriedOut,
      used: allocation.points,
      void: allocation.void,
    },
    eligibility: { eligible, conditions: conditions.map((condition) => ({ ...condition })) },
    pool: {
      revenueEntries: money(close.revenueEntries),
      revenueCarriedIn: money(close.revenueCarriedIn),
      revenueShare: close.policy.revenueShare,
      funded: money(close.funded),
      rolledOver: money(close.rolledOver),
      pool: money(close.pool),
      allocated: money(close.allocated),
      undistributed: money(close.undistributed),
    },
    share,
    amount,
    payout: await explainedPayout(creator),
    entries: await explainedEntries(creator),
    entriesLink: `/v1/programs/${program.slug}/reports/statement?creator=${encodeURIComponent(creatorId)}`,
  };
}

function eventsOf(counts: readonly EventCount[]): Pick<Explanation['events'], 'counted' | 'excluded'> {
  const count = (rule: string | null, isLike: boolean, active: boolean): number =>
    counts.find((one) => one.rule === rule && one.isLike === isLike && one.active === active)?.events ?? 0;
  return {
    counted: {
      likes: count(null, true, true),
      unlikes: count(null, true, false),
      follows: count(null, false, true),
      unfollows: count(null, false, false),
    },
    excluded: RISK_RULES.flatMap((rule) => {
      const [likes, follows] = [count(rule, true, true), count(rule, false, true)];
      return likes + follows === 0 ? [] : [{ rule, likes, follows }];
    }),
  };
}

async function engagementsOf({ context, scope }: ExplainedCreator) {
  const counts = await countEngagements(context.sql, scope);
  const of = (outcome: string) => {
    const count = (isLike: boolean) =>
      counts.find((one) => one.outcome === outcome && one.isLike === isLike)?.engagements ?? 0;
    return { likes: count(true), follows: count(false) };
  };
  return { gained: of('gained'), lost: of('lost'), lostVoid: of('lost-void') };
}

async function eligibilityOf(
  { context, creatorId, close, scope }: ExplainedCreator,
  points: bigint,
  scale: number,
): Promise<ExplainedEligibility> {
  const { sql, program } = context;
  const { policy } = close;
  const facts = await findFacts(sql, program.programId, close.creatorsVersion, creatorId);
  // Counting followers reads the whole register: only where the policy asks.
  const isCounted = policy.eligibility.minFollowers > 0 && !policy.risk.blockedCreators?.includes(creatorId);
  const follows = isCounted
    ? await countFollows(sql, scope, policy.risk.blockedViewers ?? [], joinedAt(facts, program.timeZone))
    : 0;
  const bounds = { start: close.startsAt, end: close.endsAt };
  const registered = () => facts;
  return explainEligibility(
    { policy, bounds, scale, registered, followers: () => (facts?.followers ?? 0) + follows },
    creatorId,
    points,
  );
}

function joinedAt(facts: CreatorFacts | undefined, timeZone: string): number | null {
  const day = facts?.joinedOn == null ? undefined : parseDate(facts.joinedOn);
  return day === undefined ? null : startOfDate(day, timeZone);
}
