import { metrics } from '@rewardbook/domain/close/measures';
import { event } from '@rewardbook/domain/events/test-events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CONDITIONS } from '../../../../test/support/test-policy.ts';
import { likes, simulated } from '../closes/test-story.ts';
import { compareOutcomes } from './compare.ts';
import { type OutcomeInputs, outcomeUnder } from './outcome.ts';

const inputs: OutcomeInputs = { creators: [], revenue: new Map([['2026-10', 100n]]) };
const follows = (creatorId: string, count: number) =>
  Array.from({ length: count }, (_, index) => event('follow', `v${index + 1}`, creatorId, '2026-10-11T00:00:00Z'));

describe('compareOutcomes', () => {
  // a: 8, 1 and 1 points of 10; b, a follow worth three likes: 8, 3 and 1 of 12.
  const events = [...likes({ star: 8, newcomer: 1 }), ...follows('singer', 1)];
  const a = outcomeUnder(simulated(), inputs, events);
  const b = outcomeUnder(simulated({ weights: { like: '1', follow: '3' } }), inputs, events);

  it('gives each creator before, after, difference and ranks, equals on one rank', () => {
    expect(compareOutcomes(a, b).creators).toEqual([
      { creatorId: 'newcomer', before: '10', after: '8', difference: '-2', rankBefore: 2, rankAfter: 3 },
      { creatorId: 'singer', before: '10', after: '25', difference: '15', rankBefore: 2, rankAfter: 2 },
      { creatorId: 'star', before: '80', after: '67', difference: '-13', rankBefore: 1, rankAfter: 1 },
    ]);
  });

  it('counts winners and losers, adds up the money moved, and measures both', () => {
    expect(compareOutcomes(a, b)).toMatchObject({ winners: 1, losers: 2, unchanged: 0, moneyMoved: '15' });
    expect(compareOutcomes(a, b).metrics).toEqual({ a: metrics([10n, 10n, 80n]), b: metrics([8n, 25n, 67n]) });
    expect(compareOutcomes(a, a)).toMatchObject({ winners: 0, losers: 0, unchanged: 3, moneyMoved: '0' });
  });

  it('has its keys in the order in which they are printed', () => {
    expect(Object.keys(compareOutcomes(a, b))).toEqual([
      'a',
      'b',
      'creators',
      'winners',
      'losers',
      'unchanged',
      'moneyMoved',
      'deciles',
      'metrics',
    ]);
  });

  it('takes undistributed money for one party more', () => {
    // Nobody above 30: 30 + 10 + 10 of 100 at first, then the rest is split again, to 30 each at most.
    const capped = outcomeUnder(simulated({ allocation: { method: 'pro-rata', maxShare: '0.3' } }), inputs, events);
    const result = compareOutcomes(a, capped);
    expect(result.b).toMatchObject({ funded: '100', allocated: '90', undistributed: '10' });
    // The star loses 50: 20 each to the others, 10 to no one.
    expect(result.moneyMoved).toBe('50');
  });

  it('counts what rolls over once, and what a smaller pool leaves to the platform', () => {
    const two: OutcomeInputs = {
      ...inputs,
      revenue: new Map([
        ['2026-10', 100n],
        ['2026-11', 100n],
      ]),
    };
    const late = likes({ c: 1 }, '11');
    expect(outcomeUnder(simulated(), two, late)).toMatchObject({ funded: 200n, allocated: 200n, undistributed: 0n });
    const half = outcomeUnder(simulated({ revenueShare: '0.5', undistributed: 'return' }), two, late);
    expect(half).toMatchObject({ funded: 100n, allocated: 50n, undistributed: 50n });
    expect(compareOutcomes(outcomeUnder(simulated(), two, late), half).moneyMoved).toBe('150');
  });

  it('lists who is in one result only, with nothing in the other', () => {
    const more = outcomeUnder(simulated(), inputs, [...events, ...likes({ other: 1 })]);
    expect(compareOutcomes(a, more).creators.find(({ creatorId }) => creatorId === 'other')).toMatchObject({
      before: '0',
      rankBefore: 4,
    });
  });

  it('refuses policies of different kinds of programs', () => {
    const won = outcomeUnder(simulated({ currency: 'KRW' }), inputs, events);
    expect(() => compareOutcomes(a, won)).toThrow(/currency is JPY in one and KRW in the other/);
  });

  it('adds up: over creators and undistributed money nothing is won or lost; deciles hold each creator once', () => {
    const policies = fc.record({
      follow: fc.integer({ min: 0, max: 9 }),
      maxShare: fc.constantFrom('1', '0.5', '0.2'),
      minPoints: fc.constantFrom('0', '2', '5'),
    });
    const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.tuple(policies, policies), counts, counts, (pair, likeCounts, followCounts) => {
        const all = [
          ...likes(likeCounts),
          ...Object.entries(followCounts).flatMap(([id, count]) => follows(id, count)),
        ];
        const [before, after] = pair.map(({ follow, maxShare, minPoints }) =>
          outcomeUnder(
            simulated({
              weights: { like: '1', follow: String(follow) },
              allocation: { method: 'pro-rata', maxShare },
              eligibility: { ...NO_CONDITIONS, minPoints },
            }),
            inputs,
            all,
          ),
        );
        if (before === undefined || after === undefined) {
          throw new Error('two policies');
        }
        const result = compareOutcomes(before, after);
        const parties = result.creators.map(({ difference }) => BigInt(difference));
        parties.push(after.undistributed - before.undistributed);
        expect(parties.reduce((sum, difference) => sum + difference, 0n)).toBe(0n);
        const moved = parties.reduce((sum, difference) => sum + (difference < 0n ? -difference : difference), 0n) / 2n;
        expect(result.moneyMoved).toBe(String(moved));
        expect(result.deciles.reduce((sum, { creators }) => sum + creators, 0)).toBe(result.creators.length);
        expect(result.winners + result.losers + result.unchanged).toBe(result.creators.length);
      }),
      { numRuns: 60 },
    );
  });

  it('puts creators into deciles by what they had before', () => {
    const counts = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index + 10}`, index + 1]));
    const first = outcomeUnder(simulated(), { ...inputs, revenue: new Map([['2026-10', 210n]]) }, likes(counts));
    const { deciles } = compareOutcomes(first, first);
    expect(deciles.map(({ creators, before }) => [creators, before]).slice(0, 2)).toEqual([
      [2, '3'],
      [2, '7'],
    ]);
    expect(deciles.at(-1)).toMatchObject({ decile: 10, before: '39', after: '39', difference: '0', unchanged: 2 });
  });
});
