import { currencyOf } from '@rewardbook/money/currency';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CONDITIONS, testPolicy } from '../../../../test/support/test-policy.ts';
import { openClose } from '../close/close.ts';
import { periodBounds } from '../values/period.ts';
import { byViewer, closeOfPairs, countsOf, type Pair, pairsArbitrary, weightsOf } from './test-pairs.ts';
import { UNITS } from './viewer-units.ts';

const USER_CENTRIC = { allocation: { method: 'user-centric' } } as const;
const ENGAGED_EQUAL = { allocation: { method: 'engaged-equal' } } as const;

describe('each viewer splits 10^18 units', () => {
  it('by largest remainder, ties to the smaller creatorId, in whatever order the pairs come', () => {
    const pairs: Pair[] = [
      ['v', 'c', 1],
      ['v', 'b', 1],
      ['v', 'a', 1],
    ];
    const weights = weightsOf(pairs, USER_CENTRIC);
    expect([...weights.values()]).toEqual([UNITS / 3n + 1n, UNITS / 3n, UNITS / 3n]);
  });

  it('by the weights of likes and follows', () => {
    const pairs: Pair[] = [
      ['v', 'a', 3, 0],
      ['v', 'b', 0, 1],
    ];
    const weights = weightsOf(pairs, { ...USER_CENTRIC, weights: { like: '0.5', follow: '4.5' } });
    expect([...weights.values()]).toEqual([UNITS / 4n, (3n * UNITS) / 4n]);
  });

  it('only over creators with positive points whose pair is positive', () => {
    const pairs: Pair[] = [
      ['v', 'a', 2],
      ['v', 'b', -1], // lost by this viewer; w makes up for it
      ['v', 'c', 1], // c lost more than it gained
      ['w', 'b', 3],
      ['w', 'c', -2],
    ];
    expect([...weightsOf(pairs, USER_CENTRIC).entries()]).toEqual([
      ['a', UNITS],
      ['b', UNITS],
      ['c', 0n],
    ]);
  });

  it('a creator who is not eligible gets none: the viewer’s units go to the others', () => {
    const pairs: Pair[] = [
      ['v', 'a', 1],
      ['v', 'b', 9],
    ];
    const changes = { ...USER_CENTRIC, eligibility: { ...NO_CONDITIONS, minPoints: '5' } };
    expect([...weightsOf(pairs, changes).values()]).toEqual([0n, UNITS]);
  });

  it('equally under engaged-equal, however much the viewer engaged', () => {
    const pairs: Pair[] = [
      ['v', 'a', 99],
      ['v', 'b', 1],
      ['w', 'b', 1],
    ];
    expect([...weightsOf(pairs, ENGAGED_EQUAL).values()]).toEqual([UNITS / 2n, UNITS / 2n + UNITS]);
  });

  // Bergantiños and Moreno-Ternero, "Revenue sharing at music streaming platforms" (arXiv:2310.11861) and "The Shapley index
  // for music streaming platforms" (arXiv:2411.07166), each user paying 1: U_i = Σ_j t_ij / T_j and Sh_i = Σ over i's fans j of
  // 1 / |artists of j|.
  it.each([
    ['user-centric', (own: number, all: readonly number[]) => [own, all.reduce((sum, streams) => sum + streams, 0)]],
    ['engaged-equal', (_own: number, all: readonly number[]) => [1, all.length]],
  ] as const)('%s is the published index, but for less than a unit a viewer', (method, share) => {
    fc.assert(
      fc.property(pairsArbitrary({ least: 1 }), (pairs) => {
        const weights = weightsOf(pairs, { allocation: { method } });
        for (const [creatorId, weight] of weights) {
          // Over a common denominator, so that the comparison is exact.
          let exact = 0n;
          const fans = byViewer(pairs).filter((pair) => pair.creatorId === creatorId);
          const fractions = fans.map(({ viewerId, netLikes, netFollows }) => {
            const all = pairs.filter((pair) => pair[0] === viewerId).map(([, , likes, follows = 0]) => likes + follows);
            return share(netLikes + netFollows, all);
          });
          const common = fractions.reduce((product, [, whole = 1]) => product * BigInt(whole), 1n);
          for (const [part = 0, whole = 1] of fractions) {
            exact += (UNITS * BigInt(part) * common) / BigInt(whole);
          }
          const off = weight * common - exact;
          expect((off < 0n ? -off : off) < BigInt(fans.length) * common).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('pairs', () => {
  const open = (pairs: readonly Pair[]) =>
    openClose({
      program: 'test',
      period: '2026-10',
      bounds: periodBounds('2026-10', 'Asia/Jakarta'),
      currency: currencyOf('IDR'),
      policy: testPolicy(USER_CENTRIC),
      policyHash: 'p',
      creatorsHash: 'c',
      revenueEntries: 1000n,
      negativeRevenueCarriedIn: 0n,
      rolledOver: 0n,
      registered: () => undefined,
      followers: () => 0,
      creators: countsOf(pairs),
    });

  it('may come in several shares of the viewers concurrently', () => {
    fc.assert(
      fc.property(pairsArbitrary({ least: -2 }), (pairs) => {
        const close = open(pairs);
        const sinks = [close.pairs(), close.pairs()];
        for (const { viewerId, creatorId, netLikes, netFollows } of byViewer(pairs)) {
          sinks[Number(viewerId.slice(1)) % 2]?.add(viewerId, creatorId, netLikes, netFollows);
        }
        for (const sink of sinks) {
          sink.end();
        }
        const inOne = closeOfPairs(pairs, USER_CENTRIC).rows.map(({ weight }) => weight);
        expect([...close.finish().creators].map(({ weight }) => weight)).toEqual(inOne);
      }),
      { numRuns: 50 },
    );
  });

  it('that are missing or do not add up to the counts are refused', () => {
    const pairs: Pair[] = [
      ['v', 'a', 1],
      ['w', 'a', 1],
    ];
    const close = open(pairs);
    const sink = close.pairs();
    sink.add('v', 'a', 1, 0);
    sink.end();
    expect(() => close.finish()).toThrow('The pairs of a come to 1 likes and 0 follows, its counts are 2 and 0');
  });

  it('that come twice are refused', () => {
    const close = open([['v', 'a', 1]]);
    const sink = close.pairs();
    sink.add('v', 'a', 1, 0);
    sink.add('v', 'a', 1, 0);
    expect(() => sink.end()).toThrow('comes twice');
  });

  it('are for methods that go by viewers', () => {
    expect(open([['v', 'a', 1]]).needsPairs).toBe(true);
    const changed = closeOfPairs([['v', 'a', 1]], { allocation: { method: 'equal' } });
    expect(changed.rows).toMatchObject([{ weight: '1' }]);
  });
});
