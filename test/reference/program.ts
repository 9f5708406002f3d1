import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { localDate } from '@rewardbook/domain/values/time-zone';
import { currencyOf } from '@rewardbook/money/currency';
import { commissionsAt } from './commissions.ts';
import { type Fate, fates } from './engagements.ts';
import { excludedByRule } from './excluded.ts';
import { dayOf, followersAt, followersAtStart } from './followers.ts';
import { canonical, inByteOrder, sha256 } from './hash.ts';
import { acceptedEvents, type Close, closesOf, type History } from './history.ts';
import { type Verdict, verdicts } from './judging.ts';
import { lockstepGroups } from './lockstep.ts';
import { methodWeights, type Pair } from './methods.ts';
import { cappedSplit, Decimal, largestRemainder } from './split.ts';

export type ReferenceResult = Omit<PeriodResult, 'metrics'>;

/** Points of a creator at a close that were used up for nothing: `<close> <creatorId>`. */
type Voids = Set<string>;

/** A program's events, judged once for all closes. */
interface Judged {
  readonly closes: readonly Close[];
  readonly judged: readonly Verdict[];
  readonly all: readonly Fate[];
  readonly voids: Voids;
}

/** What a close leaves to the next one: points below zero by creator; minor units. */
interface LeftOver {
  readonly points: ReadonlyMap<string, Decimal>;
  readonly rolledOver: Decimal;
  readonly negativeRevenue: Decimal;
}

/** A creator at a close. */
interface Row {
  readonly creatorId: string;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly carriedIn: Decimal;
  readonly points: Decimal;
}

/** A creator with points that are paid for. */
interface EarningRow extends Row {
  readonly used: Decimal;
}

/** Results of all closes of a history. */
export function referenceResults(history: History): ReferenceResult[] {
  const closes = closesOf(history);
  const judged = verdicts(acceptedEvents(history, closes), closes);
  const program = { closes, judged, all: fates(judged, closes), voids: new Set<string>() };
  let left: LeftOver = { points: new Map(), rolledOver: new Decimal(0), negativeRevenue: new Decimal(0) };
  return closes.map((close) => {
    const closed = closeOne(close, program, left);
    left = closed.left;
    return closed.result;
  });
}

function closeOne(close: Close, program: Judged, before: LeftOver): { result: ReferenceResult; left: LeftOver } {
  const { policy } = close;
  const { voids } = program;
  const { digits } = currencyOf(policy.currency);
  const unit = new Decimal(10).pow(digits);
  const money = (minor: Decimal): string => minor.div(unit).toFixed(digits);
  const revenue = new Decimal(close.revenue).times(unit).plus(before.negativeRevenue);
  const funded = Decimal.max(0, revenue).times(policy.revenueShare).floor();
  const pool = funded.plus(before.rolledOver);

  const rows = rowsOf(close, program, before.points);
  const pairs = pairsAt(program.all, close, voids);
  const eligible = rows.filter((row) => row.points.gt(0) && isEligible(row.creatorId, row.points, close, program));
  for (const row of rows) {
    if (row.points.gt(0) && (!eligible.includes(row) || pool.isZero())) {
      voids.add(`${close.number} ${row.creatorId}`);
    }
  }
  const earning = earningOf(eligible, close, program);
  const weights = methodWeights(policy, earning, pairs);
  const { maxShare } = policy.allocation;
  const parts =
    maxShare === undefined ? largestRemainder(pool, weights) : cappedSplit(pool, weights, pool.times(maxShare).floor());
  const allocated = parts.reduce((total, part) => total.plus(part), new Decimal(0));
  const undistributed = pool.minus(allocated);
  const creators = creatorsOut(rows, earning, weights, parts.map(money), money(new Decimal(0)));
  const commissions = commissionsAt(
    close,
    new Map(creators.map(({ creatorId, amount }) => [creatorId, amount])),
    digits,
  );
  const amounts = { revenue: money(revenue), pool: money(pool), undistributed: money(undistributed) };
  const isVoid = (creatorId: string, number: number): boolean => voids.has(`${number} ${creatorId}`);
  return {
    result: {
      period: close.period,
      policyHash: close.policyHash,
      ...amounts,
      allocated: money(allocated),
      ...(commissions && { commissions }),
      resultHash: hashOfResult(close, amounts, creators, commissions),
      creators,
      excluded: excludedByRule(close, program.closes, program.judged, program.all, isVoid),
      ...(policy.risk.lockstep === undefined
        ? {}
        : { lockstep: lockstepGroups(policy.risk.lockstep, program.judged, close.number) }),
    },
    left: {
      points: new Map(rows.filter((row) => row.points.lt(0)).map((row) => [row.creatorId, row.points])),
      rolledOver: policy.undistributed === 'rollover' ? undistributed : new Decimal(0),
      negativeRevenue: Decimal.min(0, revenue),
    },
  };
}

/** Everybody who wins or loses something at a close, or carries points in, in byte order. */
function rowsOf(close: Close, { all, voids }: Judged, carried: LeftOver['points']): Row[] {
  const { weights } = close.policy;
  const net = netCounts(all, close.number, voids);
  const ids = [...new Set([...net.keys(), ...carried.keys()])];
  return inByteOrder(ids, (id) => id).map((creatorId) => {
    const { netLikes, netFollows } = net.get(creatorId) ?? { netLikes: 0, netFollows: 0 };
    const carriedIn = carried.get(creatorId) ?? new Decimal(0);
    const points = carriedIn
      .plus(new Decimal(weights.like).times(netLikes))
      .plus(new Decimal(weights.follow).times(netFollows));
    return { creatorId, netLikes, netFollows, carriedIn, points };
  });
}

/** The eligible with their points after boosts. */
function earningOf(eligible: readonly Row[], close: Close, { closes, judged, all }: Judged): EarningRow[] {
  const before = closes.find(({ number }) => number === close.number - 1);
  return eligible
    .map((row) => {
      const followers = followersAt(row.creatorId, close, judged, all);
      const followersBefore =
        before === undefined
          ? followersAtStart(row.creatorId, close, judged, all)
          : followersAt(row.creatorId, before, judged, all);
      return { ...row, used: boosted(row.points, close.policy, { ...row, followers, followersBefore }) };
    })
    .filter((row) => row.used.gt(0));
}

/** Rows as the result has them, without those of which there is nothing to say. Amounts in major units. */
function creatorsOut(
  rows: readonly Row[],
  earning: readonly EarningRow[],
  weights: readonly Decimal[],
  amounts: readonly string[],
  nothing: string,
): ReferenceResult['creators'] {
  return rows
    .map((row) => {
      const place = earning.findIndex((one) => one.creatorId === row.creatorId);
      return {
        creatorId: row.creatorId,
        netLikes: row.netLikes,
        netFollows: row.netFollows,
        carriedIn: plain(row.carriedIn),
        carriedOut: row.points.lt(0) ? plain(row.points) : '0',
        points: plain(earning[place]?.used ?? new Decimal(0)),
        weight: place === -1 ? '0' : plain(weights[place] ?? new Decimal(0)),
        amount: amounts[place] ?? nothing,
      };
    })
    .filter((row) => row.netLikes !== 0 || row.netFollows !== 0 || row.carriedIn !== '0' || row.carriedOut !== '0');
}

function hashOfResult(
  { policy, period, start, end, policyHash, creators: registered }: Close,
  amounts: Pick<ReferenceResult, 'revenue' | 'pool' | 'undistributed'>,
  creators: ReferenceResult['creators'],
  commissions: ReferenceResult['commissions'],
): string {
  return sha256(
    canonical({
      program: policy.program,
      period,
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      currency: currencyOf(policy.currency).code,
      policyHash,
      creatorsHash: hashOfCreators(registered),
      ...amounts,
      allocations: creators.map((row) => [row.creatorId, row.netLikes, row.netFollows, row.points, row.amount]),
      ...(commissions && { commissions: commissions.map((row) => [row.scoutId, row.creatorId, row.amount]) }),
    }),
  );
}

/** Gained − lost between each viewer and creator at a close, in points. */
function pairsAt(all: readonly Fate[], close: Close, voids: Voids): Pair[] {
  const { weights } = close.policy;
  const pairs: Pair[] = [];
  for (const fate of all) {
    const { viewerId, creatorId, contentId } = fate.example;
    const change = new Decimal(contentId === '' ? weights.follow : weights.like).times(
      changeAt(fate, close.number, voids),
    );
    const known = pairs.findIndex((pair) => pair.viewerId === viewerId && pair.creatorId === creatorId);
    const points = change.plus(pairs[known]?.points ?? 0);
    if (known === -1) {
      pairs.push({ viewerId, creatorId, points });
    } else {
      pairs[known] = { viewerId, creatorId, points };
    }
  }
  return pairs;
}

/** Positive points of an eligible creator after the boosts whose conditions all hold. */
function boosted(
  points: Decimal,
  { boosts }: Close['policy'],
  {
    netFollows,
    followers,
    followersBefore,
  }: { readonly netFollows: number; readonly followers: number; readonly followersBefore: number },
): Decimal {
  const applying = boosts.filter(({ when }) => {
    if (when.minFollowers !== undefined && followers < when.minFollowers) {
      return false;
    }
    if (when.maxFollowers !== undefined && followers > when.maxFollowers) {
      return false;
    }
    if (when.minGrowth === undefined) {
      return true;
    }
    return followersBefore > 0 && new Decimal(netFollows).gte(new Decimal(when.minGrowth).times(followersBefore));
  });
  return applying.reduce((product, { multiplier }) => product.times(multiplier), points);
}

function netCounts(
  all: readonly Fate[],
  close: number,
  voids: Voids,
): Map<string, { netLikes: number; netFollows: number }> {
  const net = new Map<string, { netLikes: number; netFollows: number }>();
  for (const fate of all) {
    const { creatorId, contentId } = fate.example;
    const counts = net.get(creatorId) ?? { netLikes: 0, netFollows: 0 };
    if (contentId === '') {
      counts.netFollows += changeAt(fate, close, voids);
    } else {
      counts.netLikes += changeAt(fate, close, voids);
    }
    net.set(creatorId, counts);
  }
  return net;
}

/** +1 if a close gained an engagement, −1 if it lost one that was not void. */
function changeAt({ example, turns }: Fate, close: number, voids: Voids): number {
  if (turns.some(({ gainedAt }) => gainedAt === close)) {
    return 1;
  }
  const lost = turns.find(({ lostAt }) => lostAt === close);
  return lost === undefined || voids.has(`${lost.gainedAt} ${example.creatorId}`) ? 0 : -1;
}

function isEligible(creatorId: string, points: Decimal, close: Close, { judged, all }: Judged): boolean {
  const { registeredOnly, minFollowers, minPoints, minAccountAgeDays, countries } = close.policy.eligibility;
  const { timeZone } = close.policy;
  const creator = close.creators.find((other) => other.creatorId === creatorId);
  if (registeredOnly && creator === undefined) {
    return false;
  }
  if (points.lt(minPoints)) {
    return false;
  }
  if (countries !== undefined && (creator?.country == null || !countries.includes(creator.country))) {
    return false;
  }
  if (minAccountAgeDays > 0) {
    if (creator?.joinedOn == null) {
      return false;
    }
    if (localDate(close.end, timeZone) - dayOf(creator.joinedOn) < minAccountAgeDays) {
      return false;
    }
  }
  return followersAt(creatorId, close, judged, all) >= minFollowers;
}

function hashOfCreators(creators: readonly RegisteredCreator[]): string {
  const scouted = creators.some((creator) => creator.scoutId);
  const rows = inByteOrder(creators, (creator) => creator.creatorId).map((creator) => [
    creator.creatorId,
    creator.country,
    creator.joinedOn,
    creator.followers,
    inByteOrder(creator.viewerIds, (viewerId) => viewerId),
    ...(scouted ? [creator.scoutId ?? null, creator.scoutedOn ?? null] : []),
  ]);
  return sha256(canonical(rows));
}

function plain(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}
