import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { localDate, startOfDate } from '@rewardbook/domain/values/time-zone';
import { currencyOf } from '@rewardbook/money/currency';
import { type Fate, fates, isActiveAt, winnerAt } from './engagements.ts';
import { excludedByRule } from './excluded.ts';
import { canonical, inByteOrder, sha256 } from './hash.ts';
import { acceptedEvents, type Close, closesOf, gives, type History } from './history.ts';
import { isBlocked, type Verdict, verdicts } from './judging.ts';
import { lockstepGroups } from './lockstep.ts';
import { methodWeights, type Pair } from './methods.ts';
import { cappedSplit, Decimal, largestRemainder } from './split.ts';

export type ReferenceResult = Omit<PeriodResult, 'metrics'>;

/** Points of a creator at a close that were used up for nothing: `<close> <creatorId>`. */
type Voids = Set<string>;

/** Results of all closes of a history. */
export function referenceResults(history: History): ReferenceResult[] {
  const closes = closesOf(history);
  const judged = verdicts(acceptedEvents(history, closes), closes);
  const all = fates(judged, closes);
  const voids: Voids = new Set();
  let carried = new Map<string, Decimal>();
  let rolledOver = new Decimal(0);
  let negative = new Decimal(0);
  return closes.map((close) => {
    const { policy } = close;
    const { code, digits } = currencyOf(policy.currency);
    const unit = new Decimal(10).pow(digits);
    const revenue = new Decimal(close.revenue).times(unit).plus(negative);
    const funded = Decimal.max(0, revenue).times(policy.revenueShare).floor();
    const pool = funded.plus(rolledOver);

    const net = netCounts(all, close.number, voids);
    const ids = [...new Set([...net.keys(), ...carried.keys()])];
    const rows = inByteOrder(ids, (id) => id).map((creatorId) => {
      const { netLikes, netFollows } = net.get(creatorId) ?? { netLikes: 0, netFollows: 0 };
      const carriedIn = carried.get(creatorId) ?? new Decimal(0);
      const points = carriedIn
        .plus(new Decimal(policy.weights.like).times(netLikes))
        .plus(new Decimal(policy.weights.follow).times(netFollows));
      return { creatorId, netLikes, netFollows, carriedIn, points };
    });
    const pairs = pairsAt(all, close, voids);
    const eligible = rows.filter(
      (row) => row.points.gt(0) && isEligible(row.creatorId, row.points, close, judged, all),
    );
    for (const row of rows) {
      if (row.points.gt(0) && (!eligible.includes(row) || pool.isZero())) {
        voids.add(`${close.number} ${row.creatorId}`);
      }
    }
    const before = closes.find(({ number }) => number === close.number - 1);
    const earning = eligible
      .map((row) => {
        const followers = followersAt(row.creatorId, close, judged, all);
        const followersBefore =
          before === undefined
            ? followersAtStart(row.creatorId, close, judged, all)
            : followersAt(row.creatorId, before, judged, all);
        return { ...row, used: boosted(row.points, policy, { ...row, followers, followersBefore }) };
      })
      .filter((row) => row.used.gt(0));
    const weights = methodWeights(policy, earning, pairs);
    const parts =
      policy.allocation.maxShare === undefined
        ? largestRemainder(pool, weights)
        : cappedSplit(pool, weights, pool.times(policy.allocation.maxShare).floor());
    const allocated = parts.reduce((total, part) => total.plus(part), new Decimal(0));
    const undistributed = pool.minus(allocated);
    const money = (minor: Decimal): string => minor.div(unit).toFixed(digits);

    const creators = rows
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
          amount: money(parts[place] ?? new Decimal(0)),
        };
      })
      .filter((row) => row.netLikes !== 0 || row.netFollows !== 0 || row.carriedIn !== '0' || row.carriedOut !== '0');

    const resultHash = sha256(
      canonical({
        program: policy.program,
        period: close.period,
        start: new Date(close.start).toISOString(),
        end: new Date(close.end).toISOString(),
        currency: code,
        policyHash: close.policyHash,
        creatorsHash: hashOfCreators(close.creators),
        revenue: money(revenue),
        pool: money(pool),
        undistributed: money(undistributed),
        allocations: creators.map((row) => [row.creatorId, row.netLikes, row.netFollows, row.points, row.amount]),
      }),
    );
    const isVoid = (creatorId: string, number: number): boolean => voids.has(`${number} ${creatorId}`);
    const excluded = excludedByRule(close, closes, judged, all, isVoid);
    carried = new Map(rows.filter((row) => row.points.lt(0)).map((row) => [row.creatorId, row.points]));
    rolledOver = policy.undistributed === 'rollover' ? undistributed : new Decimal(0);
    negative = Decimal.min(0, revenue);
    return {
      period: close.period,
      policyHash: close.policyHash,
      revenue: money(revenue),
      pool: money(pool),
      allocated: money(allocated),
      undistributed: money(undistributed),
      resultHash,
      creators,
      excluded,
      ...(policy.risk.lockstep === undefined
        ? {}
        : { lockstep: lockstepGroups(policy.risk.lockstep, judged, close.number) }),
    };
  });
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

function isEligible(
  creatorId: string,
  points: Decimal,
  close: Close,
  judged: readonly Verdict[],
  all: readonly Fate[],
): boolean {
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

/** Those on joining, and active follows since then, at the end of a close. */
function followersAt(creatorId: string, close: Close, judged: readonly Verdict[], all: readonly Fate[]): number {
  const { onJoining, since } = joining(creatorId, close);
  const follows = all.filter(({ example }) => {
    if (example.creatorId !== creatorId || example.contentId !== '') {
      return false;
    }
    return isActiveAt(judged, example, close) && (winnerAt(judged, example, close.number)?.occurredAt ?? 0) >= since;
  });
  return onJoining + follows.length;
}

/** The same at the start of the first period. */
function followersAtStart(creatorId: string, close: Close, judged: readonly Verdict[], all: readonly Fate[]): number {
  const { onJoining, since } = joining(creatorId, close);
  const follows = all.filter(({ example }) => {
    if (example.creatorId !== creatorId || example.contentId !== '' || isBlocked(example, close)) {
      return false;
    }
    const winner = winnerAt(judged, example, close.number, close.start);
    return winner !== undefined && gives(winner) && winner.occurredAt >= since;
  });
  return onJoining + follows.length;
}

function joining(creatorId: string, { creators, policy }: Close): { onJoining: number; since: number } {
  const creator = creators.find((other) => other.creatorId === creatorId);
  const joinedOn = creator?.joinedOn;
  return {
    onJoining: creator?.followers ?? 0,
    since: joinedOn == null ? Number.NEGATIVE_INFINITY : startOfDate(dayOf(joinedOn), policy.timeZone),
  };
}

function hashOfCreators(creators: readonly RegisteredCreator[]): string {
  const rows = inByteOrder(creators, (creator) => creator.creatorId).map((creator) => [
    creator.creatorId,
    creator.country,
    creator.joinedOn,
    creator.followers,
    inByteOrder(creator.viewerIds, (viewerId) => viewerId),
  ]);
  return sha256(canonical(rows));
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

function plain(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}
