import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { simulate } from '@rewardbook/simulate/closes/simulate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories } from './histories.ts';
import { closesOf, type History } from './history.ts';
import { withHostileIds } from './hostile-ids.ts';
import { referenceResults } from './program.ts';

const RUNS = 400;

describe('the simulation against the reference', () => {
  it('gives the same results for random histories: any order, duplicates, conflicts, late events, every rule', () => {
    fc.assert(
      fc.property(histories(), (history) => {
        expect(simulated(history)).toEqual(referenceResults(history));
      }),
      { numRuns: RUNS },
    );
  });

  it('with ids of equal hashes, or that are hard to keep apart', () => {
    fc.assert(
      fc.property(histories(), (drawn) => {
        const history = withHostileIds(drawn);
        expect(simulated(history)).toEqual(referenceResults(history));
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it('and for weeks and months, where events lie further apart', () => {
    fc.assert(
      fc.property(histories({ kinds: ['week', 'month'], maxCloses: 3 }), (history) => {
        expect(simulated(history)).toEqual(referenceResults(history));
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it('goes on from the closes of the past as from those that it has simulated itself', () => {
    fc.assert(
      fc.property(histories(), fc.nat(3), (history, most) => {
        const length = Math.min(most, history.periods.length - 1);
        expect(simulated(history, length)).toEqual(simulated(history).slice(length));
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('does not depend on the order of delivery or on redeliveries if there are no conflicts', () => {
    const shuffled = histories().chain((history) => {
      const unique = { ...history, recorded: withoutConflicts(history.recorded) };
      const again = fc.shuffledSubarray([...unique.recorded, ...unique.recorded], {
        minLength: unique.recorded.length * 2,
      });
      return again.map((recorded) => [unique, { ...history, recorded }] as const);
    });
    fc.assert(
      fc.property(shuffled, ([history, delivered]) => {
        expect(simulated(delivered)).toEqual(simulated(history));
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

/** @param past for the first `past` closes it gets only what they used */
function simulated(history: History, past = 0): unknown[] {
  const currency = currencyOf(history.policies[0]?.policy.currency ?? '');
  const seenAt = new Map(history.recorded.map(({ event, seenAt: close }) => [event, close]));
  const closes = closesOf(history).map(({ revenue, ...close }) => {
    return { ...close, revenueEntries: parseAmount(revenue, currency) };
  });
  const { periods } = simulate({
    policies: history.policies,
    creators: history.creators,
    revenue: new Map(closes.slice(past).map(({ period, revenueEntries }) => [period, revenueEntries])),
    events: history.recorded.map(({ event }) => event),
    seenAt: (event) => seenAt.get(event),
    closed: closes,
    past: closes.slice(0, past),
  });
  return periods.map(({ metrics: _metrics, ...result }) => result);
}

function withoutConflicts(recorded: History['recorded']): History['recorded'] {
  const seen = new Set<string>();
  return recorded.filter(({ event: { viewerId, source, id } }) => {
    const identity = JSON.stringify([viewerId, source, id]);
    const isNew = !seen.has(identity);
    seen.add(identity);
    return isNew;
  });
}
