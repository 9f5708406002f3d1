import type { Policy } from '@rewardbook/domain/policy/policy';
import { formatAmount } from '@rewardbook/money/amount';
import { formatScaled, parseScaled } from '@rewardbook/money/decimal';
import type { SimulatedPolicy } from '@rewardbook/simulate/closes/simulation';
import type { Outcome } from '@rewardbook/simulate/whatif/outcome';
import type { Trial } from '@rewardbook/simulate/whatif/trials';

/** What one more like or follow, by somebody who has given none, would be worth to a creator at the last close. */
export interface WorthOfOne {
  readonly creatorId: string;
  /** Before conditions and boosts. */
  readonly points: string;
  /** Over all periods, major units, as are the differences that one more makes. */
  readonly amount: string;
  readonly like: string;
  readonly follow: string;
  /** It makes the least points that eligibility asks for. */
  readonly isAtThreshold: boolean;
}

/** Creators that are looked at: each costs two further closes. */
const SAMPLES = 14;

/** Of creators along the axis of size, the smallest first, and of those next to the least points that eligibility asks for. */
export function* worthOfOneMore(
  trial: Trial,
  simulated: Pick<SimulatedPolicy, 'policy' | 'policyHash'>,
): Generator<WorthOfOne, void, undefined> {
  const outcome = trial(simulated);
  const { lastShares, currency } = outcome;
  if (lastShares === undefined) {
    return;
  }
  const { creatorIds, points, scale } = lastShares;
  for (const place of sampledPlaces(points, leastPoints(simulated.policy, scale))) {
    const creatorId = creatorIds[place] ?? '';
    const amount = amountOf(outcome, creatorId);
    const worth = (kind: 'like' | 'follow'): bigint =>
      amountOf(trial(simulated, { creatorId, kind }), creatorId) - amount;
    const [like, follow] = [worth('like'), worth('follow')];
    yield {
      creatorId,
      points: formatScaled(points[place] ?? 0n, scale),
      amount: formatAmount(amount, currency),
      like: formatAmount(like, currency),
      follow: formatAmount(follow, currency),
      isAtThreshold: isBelow(points[place] ?? 0n, simulated.policy, scale),
    };
  }
}

function leastPoints({ eligibility }: Policy, scale: number): bigint {
  return parseScaled(eligibility.minPoints, scale);
}

/** Whether a like or a follow more makes the least points. */
function isBelow(points: bigint, policy: Policy, scale: number): boolean {
  const least = leastPoints(policy, scale);
  const [like, follow] = [parseScaled(policy.weights.like, scale), parseScaled(policy.weights.follow, scale)];
  return points < least && (points + like >= least || points + follow >= least);
}

/** Places of creators from the smallest positive points to the largest, evenly by rank but closer at the top, each once. */
function sampledPlaces(points: readonly bigint[], least: bigint): number[] {
  const order = points
    .map((_, place) => place)
    .filter((place) => (points[place] ?? 0n) > 0n)
    .sort((x, y) => compareBigints(points[x] ?? 0n, points[y] ?? 0n) || x - y);
  const chosen = new Set<number>();
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    // The distance from the top halves with each sample.
    const fromTop = Math.floor((order.length - 1) * 2 ** -sample);
    chosen.add(order.length - 1 - fromTop);
  }
  const eligible = order.findIndex((place) => (points[place] ?? 0n) >= least);
  for (const next of [eligible - 1, eligible]) {
    chosen.add(next);
  }
  const places = [...chosen].filter((index) => index >= 0 && index < order.length).sort((a, b) => a - b);
  return places.map((index) => order[index] ?? 0);
}

function amountOf({ creatorIds, amounts }: Outcome, creatorId: string): bigint {
  const place = creatorIds.indexOf(creatorId);
  return place < 0 ? 0n : (amounts[place] ?? 0n);
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
