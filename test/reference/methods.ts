import type { Policy } from '@rewardbook/domain/policy/policy';
import { inByteOrder } from './hash.ts';
import { Decimal, largestRemainder, proRataWeights } from './split.ts';

const ZERO = new Decimal(0);
const UNITS = new Decimal(10).pow(18);

/** A creator with positive points, and the points used: after boosts. */
export interface Earning {
  readonly creatorId: string;
  readonly used: Decimal;
}

/** What a pair of viewer and creator comes to at a close, in points. */
export interface Pair {
  readonly viewerId: string;
  readonly creatorId: string;
  readonly points: Decimal;
}

/** Weights of the creators, who come in byte order, by the table in packages/domain/src/allocation/README.md. */
export function methodWeights({ allocation }: Policy, earning: readonly Earning[], pairs: readonly Pair[]): Decimal[] {
  const points = earning.map(({ used }) => used);
  switch (allocation.method) {
    case 'pro-rata':
      return proRataWeights(points);
    case 'user-centric':
      return viewerUnits(earning, pairs, (pair) => pair.points);
    case 'engaged-equal':
      return viewerUnits(earning, pairs, () => new Decimal(1));
    case 'equal':
      return points.map(() => new Decimal(1));
    case 'square-root':
      return points.map((value) => value.times(new Decimal(10).pow(24)).floor().sqrt().floor());
    case 'blend': {
      const first = largestRemainder(UNITS, proRataWeights(points));
      const second = largestRemainder(
        UNITS,
        viewerUnits(earning, pairs, (pair) => pair.points),
      );
      const lambda = new Decimal(allocation.lambda ?? '');
      const whole = new Decimal(10).pow(lambda.decimalPlaces());
      return first.map((part, index) => {
        const other = new Decimal(1).minus(lambda).times(second[index] ?? ZERO);
        return lambda.times(part).plus(other).times(whole);
      });
    }
  }
}

function viewerUnits(
  earning: readonly Earning[],
  pairs: readonly Pair[],
  weightOf: (pair: Pair) => Decimal,
): Decimal[] {
  const units = earning.map(() => ZERO);
  for (const viewerId of new Set(pairs.map((pair) => pair.viewerId))) {
    const own = pairs.filter((pair) => {
      return (
        pair.viewerId === viewerId && pair.points.gt(0) && earning.some(({ creatorId }) => creatorId === pair.creatorId)
      );
    });
    const sharing = inByteOrder(own, ({ creatorId }) => creatorId);
    const parts = largestRemainder(UNITS, sharing.map(weightOf));
    for (const [index, { creatorId }] of sharing.entries()) {
      const place = earning.findIndex((one) => one.creatorId === creatorId);
      units[place] = (units[place] ?? ZERO).plus(parts[index] ?? ZERO);
    }
  }
  return units;
}
