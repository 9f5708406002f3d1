import type { CapRound } from '../allocation/cap-rounds.ts';

/** A fraction as it arises, and reduced. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly reducedNumerator: bigint;
  readonly reducedDenominator: bigint;
}

/** One creator's part of a round by largest remainder, in minor units: before it is known who gets the units left. */
export interface Quota {
  /** `pool × weight / total weight` */
  readonly quota: Fraction;
  readonly floor: bigint;
  /** `pool × weight mod total weight` */
  readonly remainder: bigint;
}

/** The exact quota of a weight in a round; undefined where the round has no weight at all. */
export function quotaOf(
  { pool, totalWeight }: Pick<CapRound, 'pool' | 'totalWeight'>,
  weight: bigint,
): Quota | undefined {
  if (totalWeight === 0n) {
    return undefined;
  }
  const numerator = pool * weight;
  const divisor = greatestCommonDivisor(numerator, totalWeight);
  return {
    quota: {
      numerator,
      denominator: totalWeight,
      reducedNumerator: numerator / divisor,
      reducedDenominator: totalWeight / divisor,
    },
    floor: numerator / totalWeight,
    remainder: numerator % totalWeight,
  };
}

/** The round of `rounds` that decides about a weight: the one that caps it, else the last. */
export function decidingRound(
  rounds: readonly [...CapRound[], CapRound],
  weight: bigint,
): { round: CapRound; index: number } {
  for (const [index, round] of rounds.entries()) {
    const isCapped = round.leastCapped !== undefined && weight >= round.leastCapped;
    if (isCapped || index === rounds.length - 1) {
      return { round, index };
    }
  }
  throw new RangeError('a split has at least one round');
}

/** A creator's place among those of a round. */
export interface RemainderRank {
  /** Minor units left once every creator has the floor. */
  readonly unitsLeft: bigint;
  /** Creators with a larger remainder, or an equal one and a smaller id. */
  readonly before: number;
}

/** What the largest-remainder rule gives: the floor, and one of the units left where the remainder ranks high enough. */
export function shareByRemainder(
  { floor }: Quota,
  { unitsLeft, before }: RemainderRank,
): {
  readonly rank: number;
  readonly getsUnit: boolean;
  readonly amount: bigint;
} {
  const getsUnit = BigInt(before) < unitsLeft;
  return { rank: before + 1, getsUnit, amount: getsUnit ? floor + 1n : floor };
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) {
    [larger, smaller] = [smaller, larger % smaller];
  }
  return larger;
}
