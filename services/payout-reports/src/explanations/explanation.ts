import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { boosting, boostScale, explainBoosts } from '@rewardbook/domain/allocation/boost';
import { explainEligibility } from '@rewardbook/domain/policy/eligibility-conditions';
import { pointsOf, pointsScale } from '@rewardbook/domain/policy/points';
import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { formatScaled, scaleOf } from '@rewardbook/money/decimal';
import { explainedEntries } from './explained-entries.ts';
import { creatorFacts, type ExplainedFacts } from './explained-facts.ts';
import { explainedPayout } from './explained-payout.ts';
import { explainScouts } from './explained-scouts.ts';
import { explainShare } from './explained-share.ts';
import { type ExplainedClose, type ExplainedCreator, explanationPath } from './explanation-scope.ts';
import { type ExplainedAllocation, findAllocation } from './sql/close.ts';
import { countEngagements, countJudged, type EventCount } from './sql/events.ts';

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
 * The derivation of a creator's amount for a closed period, worked out again from what the close used. The result has
 * to be what the close gave: an explanation of something else would be worse than none, so it throws.
 */
export async function explainAmount(creator: ExplainedCreator): Promise<Explanation> {
  const { context, creatorId, close, scope, period } = creator;
  const { sql, program } = context;
  const { currency, programId } = program;
  const path = explanationPath(creator);

  const allocation = (await findAllocation(sql, programId, close.attemptId, creatorId)) ?? NOTHING;
  const counts = await countJudged(sql, scope);
  const engagements = await engagementsOf(creator);
  const { points, eligibility } = explainPoints(creator, allocation, await creatorFacts(creator));
  const share = await explainShare({
    sql,
    programId,
    currency,
    close,
    creatorId,
    weight: BigInt(allocation.weight),
  });
  const amount = formatAmount(parseAmount(allocation.amount, currency), currency);
  if (share.amount !== amount) {
    throw new Error(`the derivation for ${creatorId} in ${period} comes to ${share.amount}, the close gave ${amount}`);
  }
  const scouts = await explainScouts(creator, amount);
  const { gained, lost } = engagements;
  if (gained.likes - lost.likes !== allocation.netLikes || gained.follows - lost.follows !== allocation.netFollows) {
    throw new Error(`the register for ${creatorId} in ${period} does not match the net counts of the close`);
  }

  return {
    program: program.slug,
    period,
    creator: creatorId,
    currency: currency.code,
    close: closeOf(close),
    events: { ...eventsOf(counts), link: `${path}/events` },
    engagements: { ...engagements, link: `${path}/engagements` },
    points,
    eligibility,
    pool: poolOf(close, currency),
    share,
    amount,
    ...(scouts === undefined ? {} : { scouts }),
    payout: await explainedPayout(creator),
    entries: await explainedEntries(creator),
    entriesLink: `/v1/programs/${program.slug}/reports/statement?creator=${encodeURIComponent(creatorId)}`,
  };
}

/** The points that the amount is for, and the conditions on them. @throws Error where they are not those of the close */
function explainPoints(
  { creatorId, close, period }: ExplainedCreator,
  allocation: ExplainedAllocation,
  facts: ExplainedFacts,
): Pick<Explanation, 'points' | 'eligibility'> {
  const { policy, startsAt, endsAt } = close;
  const { netLikes, netFollows, carriedIn } = allocation;
  const scale = Math.max(pointsScale(policy), scaleOf(carriedIn));
  const total = pointsOf(policy, scale)(netLikes, netFollows, carriedIn);
  const { eligible, conditions } = explainEligibility(
    { policy, bounds: { start: startsAt, end: endsAt }, scale, ...facts },
    creatorId,
    total,
  );
  const { boosts } = policy;
  const boosted = eligible ? boosting(boosts, facts)(creatorId, netFollows, total) : 0n;
  const used = formatScaled(boosted, scale + boostScale(boosts));
  if (used !== allocation.points) {
    throw new Error(`the points of ${creatorId} in ${period} add up to ${used}, the close used ${allocation.points}`);
  }
  return {
    points: {
      likeWeight: policy.weights.like,
      followWeight: policy.weights.follow,
      netLikes,
      netFollows,
      carriedIn,
      total: formatScaled(total, scale),
      carriedOut: allocation.carriedOut,
      boosts: explainBoosts(boosts, facts, creatorId, netFollows),
      used,
      void: allocation.void,
    },
    eligibility: { eligible, conditions: conditions.map((condition) => ({ ...condition })) },
  };
}

function closeOf(close: ExplainedClose): Explanation['close'] {
  const { closeNo, startsAt, endsAt, policyVersion, policyHash, resultHash, closedAt } = close;
  return {
    number: closeNo,
    start: formatInstant(startsAt),
    end: formatInstant(endsAt),
    policyVersion,
    policyHash,
    resultHash,
    closedAt: closedAt.toISOString(),
  };
}

function poolOf(close: ExplainedClose, currency: Currency): Explanation['pool'] {
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);
  const revenue = parseAmount(close.revenueEntries, currency) + parseAmount(close.revenueCarriedIn, currency);
  return {
    revenue: formatAmount(revenue, currency),
    revenueEntries: money(close.revenueEntries),
    revenueCarriedIn: money(close.revenueCarriedIn),
    revenueShare: close.policy.revenueShare,
    funded: money(close.funded),
    rolledOver: money(close.rolledOver),
    pool: money(close.pool),
    allocated: money(close.allocated),
    undistributed: money(close.undistributed),
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
