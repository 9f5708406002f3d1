import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AllocationPolicy, Policy } from '../policy/policy.ts';
import { closeOfPairs, type Pair, pairsArbitrary, weightsOf } from './test-pairs.ts';
import { UNITS } from './viewer-units.ts';

const METHODS: AllocationPolicy[] = [
  { method: 'pro-rata' },
  { method: 'user-centric' },
  { method: 'engaged-equal' },
  { method: 'equal' },
  { method: 'square-root' },
  { method: 'blend', lambda: '0.3' },
];
const VIEWER_CENTRED: AllocationPolicy[] = [{ method: 'user-centric' }, { method: 'engaged-equal' }];
const RUNS = { numRuns: 60 };

const weightsArbitrary = fc.record({
  like: fc.constantFrom('1', '0.25', '3'),
  follow: fc.constantFrom('1', '0', '2.5'),
});
const poolArbitrary = fc.oneof(fc.bigInt(0n, 50n), fc.bigInt(0n, 10n ** 24n));

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, value) => total + value, 0n);

/** Pairs of viewers `x1`…, ids that no other viewer has. */
const others = pairsArbitrary({ least: 1 }).map((pairs) =>
  pairs.map(([viewerId, creatorId, likes, follows = 0]): Pair => [`x${viewerId}`, creatorId, likes, follows]),
);

describe.each(METHODS)('$method', (allocation) => {
  it('conserves: parts are not negative, respect the cap, and come with what is undistributed to the pool', () => {
    const cap = fc.constantFrom(undefined, '0.2', '0.5', '1');
    const boosts = fc.constantFrom<Policy['boosts'][]>(
      [],
      [{ name: 'b', when: { minGrowth: '0.1' }, multiplier: '1.25' }],
    );
    fc.assert(
      fc.property(
        pairsArbitrary({ least: -3 }),
        weightsArbitrary,
        poolArbitrary,
        cap,
        boosts,
        (pairs, weights, revenueEntries, maxShare, drawn) => {
          const boostable = ['pro-rata', 'square-root', 'blend'].includes(allocation.method);
          const close = closeOfPairs(
            pairs,
            {
              weights,
              boosts: boostable ? drawn : [],
              allocation: { ...allocation, ...(maxShare === undefined ? {} : { maxShare }) },
            },
            { revenueEntries, followersBefore: () => 20 },
          );
          const amounts = close.rows.map(({ amount }) => amount);
          expect(amounts.every((amount) => amount >= 0n)).toBe(true);
          expect(sum(amounts) + close.pool.undistributed).toBe(revenueEntries);
          for (const { amount, weight, points } of close.rows) {
            if (weight === '0') {
              expect(amount).toBe(0n);
            }
            if (points === '0') {
              expect(weight).toBe('0');
            }
            if (maxShare !== undefined) {
              expect(amount * 10n <= revenueEntries * BigInt(Number(maxShare) * 10)).toBe(true);
            }
          }
          const hasWeight = close.rows.some(({ weight }) => weight !== '0');
          if (maxShare === undefined && hasWeight) {
            expect(close.pool.undistributed).toBe(0n);
          }
        },
      ),
      RUNS,
    );
  });

  it('is deterministic: the same result in whatever order viewers and their pairs come', () => {
    const shuffled = pairsArbitrary({ least: -3 }).chain((pairs) =>
      fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
    );
    fc.assert(
      fc.property(shuffled, weightsArbitrary, ([pairs, again], weights) => {
        const [a, b] = [pairs, again].map((list) => closeOfPairs(list, { allocation, weights }));
        expect(b?.resultHash).toBe(a?.resultHash);
        expect(b?.rows).toEqual(a?.rows);
      }),
      RUNS,
    );
  });
});

describe.each(VIEWER_CENTRED)('$method, by viewers', (allocation) => {
  it('is additive: the weights of two audiences together are the sums of each alone', () => {
    fc.assert(
      fc.property(pairsArbitrary({ least: 1 }), others, (some, more) => {
        const [a, b, both] = [some, more, [...some, ...more]].map((pairs) => weightsOf(pairs, { allocation }));
        for (const [creatorId, weight] of both ?? []) {
          expect(weight).toBe((a?.get(creatorId) ?? 0n) + (b?.get(creatorId) ?? 0n));
        }
      }),
      RUNS,
    );
  });

  it('every viewer has equal impact: whoever is left out takes 10^18 away, whatever the viewer gave', () => {
    fc.assert(
      fc.property(pairsArbitrary({ least: 1 }), (pairs) => {
        const viewerIds = [...new Set(pairs.map(([viewerId]) => viewerId))];
        expect(sum(weightsOf(pairs, { allocation }).values())).toBe(UNITS * BigInt(viewerIds.length));
        for (const viewerId of viewerIds) {
          const rest = pairs.filter((pair) => pair[0] !== viewerId);
          expect(sum(weightsOf(rest, { allocation }).values())).toBe(UNITS * BigInt(viewerIds.length - 1));
        }
      }),
      RUNS,
    );
  });

  it('a viewer moves at most the own share, whatever the viewer does instead', () => {
    const revenueEntries = 10n ** 15n;
    const instead = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 100_000 })), {
      minLength: 1,
      selector: ([creatorId]) => creatorId,
    });
    fc.assert(
      fc.property(pairsArbitrary({ least: 1 }), instead, instead, (rest, before, after) => {
        const giving = (creators: readonly (readonly [string, number])[]): Pair[] => [
          ...rest,
          ...creators.map(([creatorId, likes]): Pair => ['mover', creatorId, likes]),
        ];
        const [was, is] = [before, after].map((creators) => giving(creators));
        const [w1, w2] = [was ?? [], is ?? []].map((pairs) => weightsOf(pairs, { allocation }));
        const creatorIds = new Set([...(w1?.keys() ?? []), ...(w2?.keys() ?? [])]);
        const moved = (a: Map<string, bigint>, b: Map<string, bigint>): bigint =>
          sum([...creatorIds].map((id) => (a.get(id) ?? 0n) - (b.get(id) ?? 0n)).map((d) => (d < 0n ? -d : d))) / 2n;
        expect(moved(w1 ?? new Map(), w2 ?? new Map()) <= UNITS).toBe(true);
        const amounts = [was ?? [], is ?? []].map((pairs) => {
          const { rows } = closeOfPairs(pairs, { allocation }, { revenueEntries });
          return new Map(rows.map(({ creatorId, amount }) => [creatorId, amount]));
        });
        const viewers = BigInt(new Set(rest.map(([viewerId]) => viewerId)).size + 1);
        const money = moved(amounts[0] ?? new Map(), amounts[1] ?? new Map());
        expect(money <= revenueEntries / viewers + BigInt(creatorIds.size)).toBe(true); // a minor unit each for rounding
      }),
      RUNS,
    );
  });
});

describe('pro-rata', () => {
  it('is additive: points of two audiences add up', () => {
    fc.assert(
      fc.property(pairsArbitrary({ least: 1 }), others, (some, more) => {
        const [a, b, both] = [some, more, [...some, ...more]].map((pairs) => weightsOf(pairs, {}));
        for (const [creatorId, weight] of both ?? []) {
          expect(weight).toBe((a?.get(creatorId) ?? 0n) + (b?.get(creatorId) ?? 0n));
        }
      }),
      RUNS,
    );
  });

  it('an account gains nothing by splitting in two: less than two minor units of rounding, and no share', () => {
    fc.assert(
      fc.property(
        pairsArbitrary({ least: 1 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        poolArbitrary,
        (rest, first, second, revenueEntries) => {
          const whole = closeOfPairs([...rest, ['s', 'split', first + second]], {}, { revenueEntries });
          const split: Pair[] = [...rest, ['s', 'split', first], ['s', 'split2', second]];
          const parts = closeOfPairs(split, {}, { revenueEntries });
          const of = (close: typeof whole) =>
            close.rows.filter(({ creatorId }) => creatorId.startsWith('split')).map(({ amount }) => amount);
          expect(sum(of(parts)) - sum(of(whole)) <= 2n).toBe(true);
          expect(sum(parts.rows.map(({ weight }) => BigInt(weight)))).toBe(
            sum(whole.rows.map(({ weight }) => BigInt(weight))),
          );
        },
      ),
      RUNS,
    );
  });
});
