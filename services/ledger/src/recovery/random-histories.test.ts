import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { policyHash } from '@rewardbook/domain/policy/policy';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { createSimulation } from '@rewardbook/simulate/closes/simulate';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { histories } from '../../../../test/reference/histories.ts';
import type { History } from '../../../../test/reference/history.ts';
import { referenceResults } from '../../../../test/reference/program.ts';
import { actorOf } from '../../../../test/support/people.ts';
import { dryRuns } from '../close/dry-run.ts';
import { importCreators } from '../creators/import-creators.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, closeNow, ingest, openBooks, programOf, resultOf, textOf } from '../test-support/books.ts';

const RUNS = Number(process.env.HISTORIES ?? 25);
const NOW = Date.parse('2026-11-20T00:00:00Z');

let books: Books;
let programs = 0;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** The same history for a separate program, its events in the order in which the closes see them. */
function asProgram(history: History, slug: string): History {
  return {
    ...history,
    policies: history.policies.map(({ policy, validFrom }) => {
      const own = { ...policy, program: slug };
      return { policy: own, policyHash: policyHash(own), validFrom };
    }),
    recorded: [...history.recorded].sort((a, b) => a.seenAt - b.seenAt),
  };
}

/** Lives a history through: creators, policies and events arrive between the closes, as they say. */
async function closeAll(slug: string, history: History): Promise<string[]> {
  const { ledger } = books;
  for (const { policy, validFrom } of history.policies) {
    await applyPolicy(ledger, { program: slug, policy, from: validFrom ?? undefined, actor: actorOf('test') });
  }
  const { programId } = await programOf(books, slug);
  let registered: readonly RegisteredCreator[] = [];
  const results: string[] = [];
  for (const [index, { period, revenue }] of history.periods.entries()) {
    const creators = history.creators(period);
    if (creators !== registered) {
      await importCreators(ledger, slug, creators);
    }
    registered = creators;
    const seen = history.recorded.filter(({ seenAt }) => seenAt === index + 1).map(({ event }) => event);
    if (seen.length > 0) {
      await ingest(books.sql, programId, seen);
    }
    const booking = { period, amount: revenue, reference: period };
    await bookRevenue(ledger, slug, booking, { actor: actorOf('test'), now: NOW });
    const dry = await textOf((await dryRuns(ledger, 1)(slug, period)).text);
    await closeNow(books, slug, period);
    const result = await resultOf(books, slug, period);
    expect(dry).toBe(result);
    results.push(result);
  }
  const unseen = history.recorded.filter(({ seenAt }) => seenAt > history.periods.length).map(({ event }) => event);
  if (unseen.length > 0) {
    await ingest(books.sql, programId, unseen);
  }
  return results;
}

it('ledger, dry run, simulator and reference agree to the byte on random histories', async () => {
  await fc.assert(
    fc.asyncProperty(histories({ maxCloses: 4, maxEvents: 80, kinds: ['day', 'day', 'month'] }), async (drawn) => {
      programs += 1;
      const slug = `random-${programs}`;
      const history = asProgram(drawn, slug);
      const closed = await closeAll(slug, history);

      const currency = currencyOf(history.policies[0]?.policy.currency ?? 'IDR');
      const seenAt = new Map(history.recorded.map(({ event, seenAt: close }) => [event, close]));
      const simulation = createSimulation({
        policies: history.policies,
        creators: history.creators,
        revenue: new Map(history.periods.map(({ period, revenue }) => [period, parseAmount(revenue, currency)])),
        seenAt: (event) => seenAt.get(event),
      });
      for (const { event } of history.recorded) {
        simulation.add(event);
      }
      const simulated = simulation.finish().periods;
      expect(closed).toEqual(simulated.map((result) => JSON.stringify(result)));

      const withoutMetrics = simulated.map(({ metrics: _metrics, ...result }) => result);
      expect(withoutMetrics).toEqual(referenceResults(history));
    }),
    // Before the test's own limit: what is found while a counterexample is made smaller would be lost.
    { numRuns: RUNS, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
  );
}, 300_000);
