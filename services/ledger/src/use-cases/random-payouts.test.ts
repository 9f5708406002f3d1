import { connect, type Sql } from '@rewardbook/db/client';
import { BooksRefused, isTransient } from '@rewardbook/db/errors';
import { nextPeriod } from '@rewardbook/domain/period';
import { AppError } from '@rewardbook/runtime/errors';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setHold } from '../store/hold-store.ts';
import { listRuns } from '../store/run-store.ts';
import { checkBalances, checkStrayPostings, checkTrialBalance } from '../store/verify-books-store.ts';
import {
  checkClearing,
  checkHoldbacks,
  checkPaidOnce,
  checkReturnsAndTax,
  checkReversals,
} from '../store/verify-payouts-store.ts';
import { type Books, openBooks, programOf } from '../test-support/books.ts';
import { BY, earn, OTHER, openPayingProgram } from '../test-support/payout-books.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { adjust, bookCash, reverse } from './adjust.ts';
import { decide } from './decide.ts';
import type { Ledger } from './ledger.ts';
import { approveRun, discardRun, draftRun, exportRun, remit, returnOne, settleRun } from './payout-runs.ts';
import { sweep } from './sweep.ts';

// Random operations with a seed, each retried after a crash, or made several times at once. After every step the cheap invariants are
// checked, now and then all of them. PAYOUT_STEPS and PAYOUT_SEED run it longer, or again.
const STEPS = Number(process.env.PAYOUT_STEPS ?? 300);
const SEEDS = process.env.PAYOUT_SEED === undefined ? [1] : [Number(process.env.PAYOUT_SEED)];
const CREATORS = ['a', 'b', 'c', 'd', 'e:%', 'ü'];
const FIRST = '2020-01';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** mulberry32: small, and the same everywhere. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * Does something in a process that dies: its backends are killed once its n-th statement is under way, and nobody waits for the
 * answer. @returns the outcome where it was done before
 */
async function dying(act: Act, statement: number): Promise<unknown> {
  const sql = connect(books.database.serviceUrl, { max: 2, applicationName: 'dying' });
  let calls = 0;
  let reportDeath: (reason: Error) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    reportDeath = reject;
  });
  death.catch(() => undefined);
  const counted: Sql = new Proxy(sql, {
    apply: (target, self, args) => {
      calls += 1;
      if (calls === statement) {
        books.owner`
          SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'dying'`.then(
          () => reportDeath(Object.assign(new Error('killed'), { code: 'CONNECTION_CLOSED' })),
          reportDeath,
        );
      }
      return Reflect.apply(target, self, args);
    },
  });
  try {
    const acting = act({ ...books.ledger, sql: counted, slowSql: counted });
    acting.catch(() => undefined);
    return await Promise.race([acting, death]);
  } finally {
    await sql.end({ timeout: 0 });
  }
}

type Act = (ledger: Ledger) => Promise<unknown>;

/** Refusals are part of the game; everything else is a fault. */
async function attempt(act: () => Promise<unknown>): Promise<'done' | 'refused' | 'lost'> {
  try {
    await act();
    return 'done';
  } catch (error) {
    if (error instanceof BooksRefused || error instanceof AppError) return 'refused';
    if (isTransient(error)) return 'lost';
    throw error;
  }
}

async function expectCheap(programId: number, what: string): Promise<void> {
  const [row] = await books.owner<{ sum: string }[]>`
    SELECT coalesce(sum(debit - credit), 0)::text AS sum FROM account_balance WHERE program_id = ${programId}`;
  expect([what, Number(row?.sum)]).toEqual([what, 0]);
  for (const check of [
    checkBalances,
    checkTrialBalance,
    checkClearing,
    checkPaidOnce,
    checkReturnsAndTax,
    checkHoldbacks,
    checkReversals,
    checkStrayPostings,
  ]) {
    const { difference } = await check(books.owner, programId);
    expect([what, check.name, difference]).toEqual([what, check.name, null]);
  }
}

it.each(SEEDS)(
  'random operations with seed %i leave books in which every invariant holds',
  async (seed) => {
    const random = randomOf(seed);
    const slug = `random-${seed}`;
    const payout = {
      minimum: '20',
      roundTo: '0.5',
      holdback: { share: '0.25', periods: 2 },
      withholding: { ID: '0.1', BR: '0.075' },
    };
    const earners = CREATORS.map((creatorId, index) => ({
      creatorId,
      likes: 0,
      taxCountry: ['ID', 'BR', 'US'][index % 3] ?? 'ID',
    }));
    const programId = await openPayingProgram(
      books,
      slug,
      { payout, approvals: seed % 2 === 0 ? ['payouts', 'adjustments'] : ['payouts'] },
      earners,
    );
    let period = FIRST;
    let number = 0;
    const counts = { done: 0, refused: 0, lost: 0 };
    const pick = <Value>(values: readonly Value[]): Value | undefined => values[random(values.length)];
    const by = () => (random(2) === 0 ? BY : OTHER);

    async function close(): Promise<void> {
      const likes = earners.map((earner) => ({ ...earner, likes: random(4) }));
      await earn(books, slug, period, likes);
      period = nextPeriod(period);
    }

    /** The next operation, decided by the seed and by what stands in the books. */
    async function next(): Promise<{ name: string; act: Act }> {
      number += 1;
      const reference = `r${random(4) === 0 ? random(number) : number}`; // now and then one that is taken
      const creatorId = pick(CREATORS) ?? 'a';
      const amount = `${random(400)}.${String(random(100)).padStart(2, '0')}`;
      const runs = await listRuns(books.owner, programId, { after: 0, limit: 1000 });
      const open = runs.filter(({ status }) => status !== 'settled' && status !== 'discarded');
      const run = random(4) === 0 ? pick(runs) : (pick(open.slice(0, 2)) ?? runs.at(-1));
      const runId = run?.runId ?? '2020-01-1';
      const who = by();
      switch (random(16)) {
        case 0:
          return { name: 'draft', act: (ledger) => draftRun(ledger, slug, who) };
        case 1:
        case 2:
          return {
            name: `approve ${runId}`,
            act: (ledger) => approveRun(ledger, slug, runId, run?.contentHash ?? '', who),
          };
        case 3:
          return { name: `export ${runId}`, act: (ledger) => exportRun(ledger, slug, runId, who) };
        case 4:
          return { name: `settle ${runId}`, act: (ledger) => settleRun(ledger, slug, runId, undefined, who) };
        case 5:
          return {
            name: `return ${runId} ${creatorId}`,
            act: (ledger) => returnOne(ledger, slug, runId, { creatorId, reason: 'back' }, who),
          };
        case 6: {
          const country = pick(['ID', 'BR', 'US']) ?? 'ID';
          const only = random(2) === 0 ? runId : undefined;
          return {
            name: `remit ${country} ${only}`,
            act: (ledger) => remit(ledger, slug, { country, run: only, reference }, who),
          };
        }
        case 7:
        case 8: {
          const kind = pick(['adjustment', 'clawback', 'clawback', 'write-off', 'unclaimed'] as const) ?? 'clawback';
          const signed = kind === 'adjustment' && random(2) === 0 ? `-${amount}` : amount;
          return {
            name: `${kind} ${creatorId} ${signed}`,
            act: (ledger) => adjust(ledger, slug, { kind, creatorId, amount: signed, reason: 'r', reference }, who),
          };
        }
        case 9: {
          const entries = await books.owner<
            { key: string }[]
          >`SELECT entry_key AS key FROM journal_entry WHERE program_id = ${programId} ORDER BY seq`;
          const entryKey = pick(entries)?.key ?? 'none';
          return {
            name: `reverse ${entryKey}`,
            act: (ledger) => reverse(ledger, slug, { entryKey, reason: 'r' }, who),
          };
        }
        case 10: {
          const action = random(3) === 0 ? 'placed' : 'lifted';
          const reason = pick(['returned', 'fraud']) ?? 'fraud';
          return {
            name: `${action} ${creatorId}`,
            act: ({ sql }) => setHold(sql, { programId, creatorId, action, reason, note: null, actor: who.actor }),
          };
        }
        case 11: {
          const requests = await books.owner<
            { n: number }[]
          >`SELECT request_no AS n FROM approval_request WHERE program_id = ${programId}`;
          const request = pick(requests)?.n ?? 1;
          const isApproved = random(4) > 0;
          return { name: `decide ${request}`, act: (ledger) => decide(ledger, slug, request, { isApproved }, who) };
        }
        case 12:
          return {
            name: 'cash',
            act: (ledger) =>
              bookCash(
                ledger,
                slug,
                { kind: pick(['receipt', 'funding'] as const) ?? 'funding', amount, reference },
                who,
              ),
          };
        default:
          return random(3) === 0
            ? { name: `discard ${runId}`, act: (ledger) => discardRun(ledger, slug, runId, 'r', who) }
            : { name: `close ${period}`, act: close };
      }
    }

    await close();
    const busy = { waiting: 1, active: 0, delayed: 0 };
    const queues = { enqueue: async () => undefined, depths: async () => ({ tally: busy, close: busy }) };
    for (let step = 1; step <= STEPS; step += 1) {
      const { name, act } = await next();
      const manner = name.startsWith('close') ? 0 : random(4);
      const what = `seed ${seed}, step ${step}: ${name} (${manner})`;
      if (manner === 1) {
        // Lost on the way, and made again.
        const statement = 1 + random(4);
        counts[await attempt(() => dying(act, statement))] += 1;
        counts[await attempt(() => act(books.ledger))] += 1;
      } else if (manner === 2) {
        // The same several times at once.
        for (const outcome of await Promise.all([1, 2, 3].map(() => attempt(() => act(books.ledger)))))
          counts[outcome] += 1;
      } else if (manner === 3) {
        // Something else at the same time, and a sweep.
        const other = await next();
        const both = other.name.startsWith('close') ? [act] : [act, other.act];
        const outcomes = await Promise.all([
          ...both.map((one) => attempt(() => one(books.ledger))),
          attempt(() => sweep(books.ledger, queues)),
        ]);
        for (const outcome of outcomes) counts[outcome] += 1;
      } else {
        counts[await attempt(() => act(books.ledger))] += 1;
      }
      await expectCheap(programId, what);
      if (step % 50 === 0 || step === STEPS) {
        const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
        expect([what, checks.filter(({ ok }) => !ok)]).toEqual([what, []]);
      }
    }
    // The game was played: runs were paid, refused and returned.
    const kinds = await books.owner<{ kind: string; n: number }[]>`
    SELECT kind, count(*)::integer AS n FROM journal_entry WHERE program_id = ${programId} GROUP BY kind`;
    const kindsSeen = kinds.map(({ kind }) => kind);
    expect(kindsSeen).toEqual(
      expect.arrayContaining([
        'payout',
        'settlement',
        'payout-return',
        'holdback',
        'release',
        'clawback',
        'reversal',
        'tax-remittance',
      ]),
    );
    expect(counts.done).toBeGreaterThan(STEPS / 3);
    expect(counts.refused).toBeGreaterThan(0);
  },
  600_000,
);
