import { event } from '@rewardbook/domain/events/test-events';
import { likes, simulated } from '@rewardbook/simulate/closes/test-story';
import { compareOutcomes } from '@rewardbook/simulate/whatif/compare';
import { type OutcomeInputs, outcomeUnder } from '@rewardbook/simulate/whatif/outcome';
import { trials } from '@rewardbook/simulate/whatif/trials';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creatorRows, ROW_ORDERS } from './creator-rows.ts';
import { viewPolicies } from './policy-view.ts';

const inputs: OutcomeInputs = { creators: [], revenue: new Map([['2026-10', 1_000_000n]]) };
const follows = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([creatorId, count]) =>
    Array.from({ length: count }, (_, index) => event('follow', `f${index}`, creatorId, '2026-10-11T00:00:00Z')),
  );
const counts = fc.dictionary(fc.string({ minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 30 }), {
  minKeys: 1,
  maxKeys: 12,
});

describe('the view of two policies', () => {
  it('says what their comparison says, in any order of creators', () => {
    fc.assert(
      fc.property(counts, counts, fc.constantFrom('0', '1', '2.5', '40'), (liked, followed, follow) => {
        const trial = trials(inputs, [...likes(liked), ...follows(followed)], 'later');
        const [a, b] = [trial(simulated()), trial(simulated({ weights: { like: '1', follow } }))];
        const whole = compareOutcomes(a, b);
        const view = viewPolicies(a, b);
        expect(view).toMatchObject({
          ...{ winners: whole.winners, losers: whole.losers, unchanged: whole.unchanged },
          ...{ moneyMoved: whole.moneyMoved, deciles: whole.deciles, metrics: whole.metrics },
          lorenz: { before: whole.a.lorenz, after: whole.b.lorenz },
          creators: whole.creators.length,
          isSame: whole.winners + whole.losers === 0,
        });
        expect(view.top.map(({ after }) => after).slice(0, 2)).toEqual([
          whole.metrics.b.top1Share,
          whole.metrics.b.top10Share,
        ]);
        expect(view.cells.reduce((sum, { creators }) => sum + creators, 0)).toBe(whole.creators.length);
        for (const order of ROW_ORDERS) {
          for (const isDescending of [false, true]) {
            const listed = creatorRows(a, b, { order, isDescending, find: undefined, sizes: undefined });
            const rows = listed.rows(0, listed.count);
            expect(new Set(rows)).toEqual(new Set(whole.creators));
            const keys = rows.map((row) => (order === 'creator' ? 0n : BigInt(row[order])));
            const turned = isDescending ? keys.toReversed() : keys;
            expect(turned).toEqual(turned.toSorted((x, y) => (x < y ? -1 : x > y ? 1 : 0)));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lists who is asked for: a part of the id, a part of the drawing', () => {
    const events = [...likes({ star: 80, singer: 9, new: 1 }), ...follows({ singer: 3 })];
    const a = outcomeUnder(simulated(), inputs, events);
    const b = outcomeUnder(simulated({ allocation: { method: 'equal' } }), inputs, events);
    const idsOf = (query: Partial<Parameters<typeof creatorRows>[2]>) =>
      creatorRows(a, b, { order: 'before', isDescending: true, find: undefined, sizes: undefined, ...query })
        .rows(0, 10)
        .map(({ creatorId }) => creatorId);
    expect(idsOf({})).toEqual(['star', 'singer', 'new']);
    expect(idsOf({ find: 's' })).toEqual(['star', 'singer']);
    const { cells } = viewPolicies(a, b);
    const largest = Math.max(...cells.map(({ before }) => before));
    expect(idsOf({ sizes: { before: [largest, largest], after: [-1, 100] } })).toEqual(['star']);
    expect(viewPolicies(a, a)).toMatchObject({ isSame: true, moneyMoved: '0' });
  });
});
