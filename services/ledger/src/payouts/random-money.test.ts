import { BooksRefused } from '@rewardbook/db/errors';
import { nextPeriod } from '@rewardbook/domain/values/period';
import { AppError } from '@rewardbook/runtime/http/errors';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adjust, reverse } from '../adjustments/adjust.ts';
import { setHold } from '../holds/sql.ts';
import { type Books, openBooks, programOf } from '../test-support/books.ts';
import { money, randomOf } from '../test-support/game.ts';
import { debt, partOfHeld } from '../test-support/operation-draws.ts';
import { BY, type Earner, earn, OTHER, openPayingProgram } from '../test-support/payout-books.ts';
import { watchModel } from '../test-support/watch-model.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { approveRun, draftRun, exportRun, remit, returnOne, settleRun } from './payout-runs.ts';

// What creators are owed, held, paid and taxed, in short games of nothing else: where the long ones (random-payouts) seldom come, as to a
// clawback out of several holdbacks, or a payout that comes back after its tax was remitted. After every step the books are compared with
// the model. MONEY_GAMES and MONEY_SEED play more of them, or others.
const GAMES = Number(process.env.MONEY_GAMES ?? 3);
const SEED = Number(process.env.MONEY_SEED ?? 1);
const STEPS = 60;
const CREATORS = ['a', 'b', 'c'];

let books: Books;
const seen = { clawbacksOutOfSeveral: 0, taxedReturns: 0, taxedBefore: 0 };

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

async function openMoneyGame(seed: number) {
  const random = randomOf(seed);
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value => values[random(values.length)] ?? values[0];
  const slug = `money-${seed}`;
  const currency = 'IDR';
  const earners = (): Earner[] => CREATORS.map((creatorId) => ({ creatorId, likes: random(4) }));
  const payout = {
    minimum: pick(['0', '20']),
    roundTo: pick(['0.01', '7']),
    holdback: { share: pick(['0.3', '0.5', '1']), periods: 2 + random(2) },
    withholding: { ID: pick(['0.1', '0.125']) },
  };
  const everybody = CREATORS.map((creatorId) => ({ creatorId, likes: 1 }));
  const programId = await openPayingProgram(books, slug, { payout, approvals: [] }, everybody);
  const { ledger, sql, owner } = books;
  let period = '2020-01';
  let number = 0;
  const reference = (): string => {
    number += 1;
    return `r${number}`;
  };
  const game = { books, programId, random, currency };
  const post = (kind: 'adjustment' | 'clawback' | 'write-off', creatorId: string, amount: string) =>
    adjust(ledger, slug, { kind, creatorId, amount, reason: 'r', reference: reference() }, BY);

  const operations: Record<string, () => Promise<unknown>> = {
    close: async () => {
      await earn(books, slug, period, earners());
      period = nextPeriod(period);
    },
    pay: async () => {
      for (const creatorId of CREATORS) {
        await setHold(sql, { programId, creatorId, action: 'lifted', reason: 'returned', note: null, actor: BY.actor });
      }
      const run = await draftRun(ledger, slug, BY);
      await approveRun(ledger, slug, run.runId, run.contentHash, OTHER);
      await exportRun(ledger, slug, run.runId, BY);
      if (random(2) === 0) {
        await settleRun(ledger, slug, run.runId, undefined, BY);
      }
    },
    remit: () => remit(ledger, slug, { country: 'ID', reference: reference() }, BY),
    giveBack: async () => {
      const paid = await owner<{ runId: string; creatorId: string }[]>`
        SELECT r.run_id AS "runId", p.creator_id AS "creatorId" FROM payout p JOIN payout_run r USING (program_id, run_no)
        WHERE p.program_id = ${programId} AND p.status = 'due' AND r.entry_key IS NOT NULL ORDER BY p.run_no, p.creator_id`;
      const one = paid[random(paid.length || 1)];
      if (one !== undefined) {
        await returnOne(ledger, slug, one.runId, { creatorId: one.creatorId, reason: 'r' }, BY);
      }
    },
    adjustment: () =>
      post('adjustment', pick(['a', 'b', 'c']), `${pick(['', '-'])}${money(game, BigInt(1 + random(30_000)))}`),
    clawback: async () => {
      const aimed = await partOfHeld(game);
      await post('clawback', aimed?.creatorId ?? 'a', aimed?.amount ?? money(game, BigInt(1 + random(60_000))));
    },
    writeOff: async () => {
      const owing = await debt(game);
      if (owing !== undefined) {
        await post('write-off', owing.creatorId, owing.amount);
      }
    },
    reversal: async () => {
      const entries = await owner<{ key: string }[]>`
        SELECT entry_key AS key FROM journal_entry
        WHERE program_id = ${programId} AND kind IN ('clawback', 'adjustment', 'write-off', 'tax-remittance') ORDER BY seq`;
      const entryKey = entries[random(entries.length || 1)]?.key;
      if (entryKey !== undefined) {
        await reverse(ledger, slug, { entryKey, reason: 'r' }, BY);
      }
    },
  };
  const weights = [
    'close',
    'close',
    'close',
    'pay',
    'pay',
    'pay',
    'remit',
    'remit',
    'giveBack',
    'giveBack',
    'giveBack',
  ];
  const names = [...weights, 'clawback', 'clawback', 'adjustment', 'writeOff', 'reversal'];
  return {
    slug,
    programId,
    step: async (): Promise<string> => {
      const name = names[random(names.length)] ?? 'close';
      await operations[name]?.().catch((error: unknown) => {
        if (!(error instanceof BooksRefused) && !(error instanceof AppError)) {
          throw error;
        }
      });
      return name;
    },
  };
}

it.each(Array.from({ length: GAMES }, (_, index) => SEED + index))(
  'creators have what the model of the rules gives them, after each of many random steps: seed %i',
  async (seed) => {
    const game = await openMoneyGame(seed);
    const program = await programOf(books, game.slug);
    const followModel = watchModel(books, program);
    for (let step = 1; step <= STEPS; step += 1) {
      await followModel(`seed ${seed}, step ${step}: ${await game.step()}`);
    }
    const { checks } = await verifyProgram(books.ledger, program);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    const [counts] = await books.owner<(typeof seen)[]>`
      SELECT (SELECT count(*)::integer FROM (SELECT 1 FROM holdback_clawback WHERE program_id = ${game.programId} GROUP BY entry_key HAVING count(*) > 1) AS s) AS "clawbacksOutOfSeveral",
             (SELECT count(*)::integer FROM payout_return WHERE program_id = ${game.programId} AND taxed > 0) AS "taxedReturns",
             (SELECT count(*)::integer FROM payout WHERE program_id = ${game.programId} AND status = 'due' AND taxed_before > 0) AS "taxedBefore"`;
    seen.clawbacksOutOfSeveral += counts?.clawbacksOutOfSeveral ?? 0;
    seen.taxedReturns += counts?.taxedReturns ?? 0;
    seen.taxedBefore += counts?.taxedBefore ?? 0;
  },
  120_000,
);

it('the games came to where the rules differ', () => {
  for (const [what, count] of Object.entries(seen)) {
    expect([what, count > 0]).toEqual([what, true]);
  }
});
