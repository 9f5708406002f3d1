import { splitByLargestRemainder, splitCapped } from '@rewardbook/money/split/largest-remainder';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CapRound, capRounds, type WeightGroup } from '../allocation/cap-rounds.ts';
import { decidingRound, quotaOf, type RemainderRank, shareByRemainder } from './explain-share.ts';

const weightsArbitrary = fc.array(fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 10n ** 24n)), {
  minLength: 1,
  maxLength: 60,
});
const poolArbitrary = fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 10n ** 30n));

function groupsOf(weights: readonly bigint[]): WeightGroup[] {
  const counts = new Map<bigint, number>();
  for (const weight of weights) {
    if (weight > 0n) {
      counts.set(weight, (counts.get(weight) ?? 0) + 1);
    }
  }
  return [...counts].map(([weight, creators]) => ({ weight, creators })).sort((a, b) => (a.weight < b.weight ? 1 : -1));
}

/** Counted from all weights of the round, in the plainest way. */
function standingOf({ pool, totalWeight }: CapRound, weights: readonly bigint[], index: number): RemainderRank {
  const remainder = (weight: bigint) => (pool * weight) % totalWeight;
  const mine = remainder(weights[index] ?? 0n);
  const before = weights.filter((weight, other) => {
    if (weight === 0n || other === index) {
      return false;
    }
    return remainder(weight) > mine || (remainder(weight) === mine && other < index);
  }).length;
  return { unitsLeft: weights.reduce((rest, weight) => rest - (pool * weight) / totalWeight, pool), before };
}

function explained(pool: bigint, weights: readonly bigint[], cap: bigint | undefined): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const rounds =
    cap === undefined
      ? ([{ pool, totalWeight: total, capped: 0, leastCapped: undefined }] as const)
      : capRounds(pool, cap, total, groupsOf(weights));
  const last = rounds.at(-1);
  const leastCapped = rounds.at(-2)?.leastCapped;
  const rest = weights.map((weight) => (leastCapped !== undefined && weight >= leastCapped ? 0n : weight));
  return weights.map((weight, index) => {
    if (weight === 0n) {
      return 0n;
    }
    const { round } = decidingRound([...rounds], weight);
    const quota = quotaOf(round, weight);
    if (quota === undefined || last === undefined) {
      throw new Error('a positive weight has a quota');
    }
    expect(quota.quota.reducedNumerator * quota.quota.denominator).toBe(
      quota.quota.numerator * quota.quota.reducedDenominator,
    );
    if (round.capped > 0) {
      expect(quota.quota.numerator).toBeGreaterThan((cap ?? 0n) * quota.quota.denominator);
      return cap ?? 0n;
    }
    return shareByRemainder(quota, standingOf(last, rest, index)).amount;
  });
}

it('floor and unit are what the split gives, for every creator', () => {
  fc.assert(
    fc.property(poolArbitrary, weightsArbitrary, (pool, weights) => {
      expect(explained(pool, weights, undefined)).toEqual(splitByLargestRemainder(pool, weights));
    }),
    { numRuns: 500 },
  );
});

it('so are cap, floor and unit of a capped split, and what its last round leaves is undistributed', () => {
  fc.assert(
    fc.property(poolArbitrary, weightsArbitrary, fc.bigInt(0n, 1000n), (pool, weights, thousandths) => {
      const cap = (pool * thousandths) / 1000n;
      const { parts, undistributed } = splitCapped(pool, weights, cap);
      expect(explained(pool, weights, cap)).toEqual(parts);
      const total = weights.reduce((sum, weight) => sum + weight, 0n);
      const last = capRounds(pool, cap, total, groupsOf(weights)).at(-1);
      expect(last?.totalWeight === 0n ? last.pool : 0n).toBe(undistributed);
    }),
    { numRuns: 500 },
  );
});

it('shows the rounds of a cap', () => {
  const groups = groupsOf([60n, 30n, 6n, 4n]);
  expect(capRounds(1000n, 400n, 100n, groups)).toEqual([
    { pool: 1000n, totalWeight: 100n, capped: 1, leastCapped: 60n },
    { pool: 600n, totalWeight: 40n, capped: 1, leastCapped: 30n },
    { pool: 200n, totalWeight: 10n, capped: 0, leastCapped: undefined },
  ]);
});

it('gives a quota reduced and unreduced', () => {
  expect(quotaOf({ pool: 100n, totalWeight: 8n }, 2n)).toEqual({
    quota: { numerator: 200n, denominator: 8n, reducedNumerator: 25n, reducedDenominator: 1n },
    floor: 25n,
    remainder: 0n,
  });
});
