import { textArray } from '@rewardbook/db/array-literal';
import { newestPolicy } from '@rewardbook/db/books/policies';
import { type PayoutRun, requireRun } from '@rewardbook/db/books/runs';
import {
  type PayoutParty,
  type PayoutTerms,
  payoutOf,
  payoutTerms,
  WAITING_REASONS,
} from '@rewardbook/domain/payouts/payout';
import { type HashedPayout, runHasher } from '@rewardbook/domain/payouts/payout-run';
import { sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { type Currency, currencyOf } from '@rewardbook/money/currency';
import { formatScaled } from '@rewardbook/money/decimal';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Books, openBooks } from '../test-support/books.ts';
import { type Random, randomOf } from '../test-support/game.ts';
import { BY, earn, openPayingProgram, register } from '../test-support/payout-books.ts';
import { draftRun } from './payout-runs.ts';
import { readPayouts } from './run-sql.ts';

// `draft_run` decides in SQL what `payoutOf` says in TypeScript. Here both decide about the same creators: thousands of them, with balances
// around zero, the minimum and whole multiples of the rounding, in currencies with 0, 2, 3 and 4 digits.
// PAYOUT_RULE_SEED draws others.
const SEED = Number(process.env.PAYOUT_RULE_SEED ?? 1);
const CURRENCIES = ['JPY', 'IDR', 'KWD', 'CLF'];
const PROGRAMS_PER_CURRENCY = 3;
const CREATORS = 400;
const COUNTRIES = ['ID', 'BR', 'US', 'DE', 'SG'];
const PERIOD = '2024-09';

let books: Books;
const seen = new Map<string, number>();

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

interface Draw {
  readonly below: Random;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

function drawFrom(seed: number): Draw {
  const below = randomOf(seed);
  return { below, pick: (values) => values[below(values.length)] ?? values[0] };
}

function digitsOf({ below }: Draw, count: number): string {
  return Array.from({ length: count }, () => below(10)).join('');
}

/** Rates as policies may have them: up to 18 decimals, and one without any tax. */
function drawPayout(draw: Draw, { digits }: Currency) {
  const rate = (): string => draw.pick(['0', '1', '0.5', '0.1', '0.125', `0.${digitsOf(draw, 18)}`]);
  return {
    minimum: formatScaled(BigInt(draw.pick([0, 1, 1_000, 2_500])), digits),
    roundTo: formatScaled(BigInt(draw.pick([1, 7, 50, 1_000])), digits),
    holdback: { share: '0', periods: 1 },
    withholding: Object.fromEntries(COUNTRIES.slice(1).map((country) => [country, rate()])),
  };
}

/** A creator as the rule sees it. */
interface Creator extends PayoutParty {
  readonly creatorId: string;
  readonly account: string | null;
  readonly isRegistered: boolean;
  /** Rows of `creator_hold`, in order: `placed` or `lifted`, and the reason. */
  readonly holds: readonly (readonly [action: 'placed' | 'lifted', reason: string])[];
  /** What came back net of a tax that was remitted, and what an approved run paid of it since; minor units. */
  readonly taxedReturned: bigint;
  readonly taxedPaid: bigint;
}

function drawAvailable(draw: Draw, { minimum, roundTo }: PayoutTerms): bigint {
  const near = BigInt(draw.below(3) - 1);
  const sign = draw.below(5) === 0 ? -1n : 1n;
  return draw.pick<() => bigint>([
    () => near,
    () => minimum + near,
    () => BigInt(draw.below(40)) * roundTo + near,
    () => sign * BigInt(draw.below(5_000)),
    () => sign * BigInt(`1${digitsOf(draw, draw.below(30))}`),
  ])();
}

const HOLDS: readonly [Creator['holds'], ...Creator['holds'][]] = [
  [],
  [],
  [],
  [['placed', 'manual']],
  [
    ['placed', 'manual'],
    ['lifted', 'manual'],
  ],
  [
    ['placed', 'manual'],
    ['lifted', 'manual'],
    ['placed', 'returned'],
  ],
];

function drawCreator(draw: Draw, terms: PayoutTerms, creatorId: string): Creator {
  const isRegistered = draw.below(10) > 0;
  const available = drawAvailable(draw, terms);
  const holds = draw.pick(HOLDS);
  const taxedReturned = draw.below(3) === 0 ? BigInt(1 + draw.below(4_000)) : 0n;
  const taxedPaid = draw.below(2) === 0 ? 0n : BigInt(draw.below(Number(taxedReturned) + 1));
  return {
    creatorId,
    isRegistered,
    available,
    payee: isRegistered && draw.below(8) > 0 ? `Payee "${creatorId}"` : null,
    taxCountry: isRegistered && draw.below(8) > 0 ? (COUNTRIES[draw.below(COUNTRIES.length)] ?? null) : null,
    account: isRegistered && draw.below(8) > 0 ? `A-${creatorId}` : null,
    holds,
    isOnHold: holds.at(-1)?.[0] === 'placed',
    taxedReturned,
    taxedPaid,
    taxedBefore: taxedReturned - taxedPaid,
  };
}

/** Registers the creators and gives them balances, holds and payouts that came back, past the calls that would refuse most of it. */
async function store(programId: number, slug: string, currency: Currency, draw: Draw, creators: readonly Creator[]) {
  const { owner } = books;
  const money = (minor: bigint): string => formatAmount(minor, currency);
  await register(
    books,
    slug,
    creators.filter(({ isRegistered }) => isRegistered).map((creator) => ({ ...creator, likes: 0 })),
  );
  const debits = creators.map(({ available }) => (available < 0n ? -available : 0n) + BigInt(draw.below(1_000)));
  await owner`
    INSERT INTO balance_checkpoint (program_id, creator_id, account, debit, credit)
    SELECT ${programId}, b.creator_id, payable_account(b.creator_id), b.debit, b.credit
    FROM unnest(${textArray(creators.map(({ creatorId }) => creatorId))}::text[], ${textArray(debits.map(money))}::numeric[],
                ${textArray(creators.map(({ available }, index) => money(available + (debits[index] ?? 0n))))}::numeric[])
      AS b (creator_id, debit, credit)`;
  const holds = creators.flatMap(({ creatorId, holds: own }) => own.map((hold) => [creatorId, ...hold] as const));
  await owner`
    INSERT INTO creator_hold (program_id, creator_id, action, reason, actor)
    SELECT ${programId}, h.creator_id, h.action, h.reason, 'test'
    FROM unnest(${textArray(holds.map(([creatorId]) => creatorId))}::text[], ${textArray(holds.map(([, action]) => action))}::text[],
                ${textArray(holds.map(([, , reason]) => reason))}::text[]) WITH ORDINALITY AS h (creator_id, action, reason, place)
    ORDER BY h.place`;
  // Run 1 paid what came back since, run 2 paid some of it again, run 3 would have but was discarded.
  const taxed = creators.filter(({ taxedReturned }) => taxedReturned > 0n);
  for (const [runNumber, paid] of [
    [1, () => 0n],
    [2, (one) => one.taxedPaid],
    [3, (one) => one.taxedReturned],
  ] satisfies [number, (creator: Creator) => bigint][]) {
    const entryKey = runNumber === 3 ? null : `payout-run:${runNumber}`;
    await owner`
      INSERT INTO payout_run (program_id, run_no, run_id, period, status, policy_version, drafted_by, drafted_seq, creators_version, content_hash,
                              payout_count, waiting_count, gross, withheld, net, entry_key)
      VALUES (${programId}, ${runNumber}, ${`past-${runNumber}`}, '2024-08', ${entryKey === null ? 'discarded' : 'settled'}, 1, 'test', 0, 0, '',
              0, 0, 0, 0, 0, ${entryKey})`;
    await owner`
      INSERT INTO payout (program_id, creator_id, run_no, payout_number, available, gross, taxed_before, withheld, net, status)
      SELECT ${programId}, p.creator_id, ${runNumber}, p.place, 1000000, 1000000, p.taxed_before, 0, 1000000, 'due'
      FROM unnest(${textArray(taxed.map(({ creatorId }) => creatorId))}::text[], ${textArray(taxed.map(paid).map(money))}::numeric[])
        WITH ORDINALITY AS p (creator_id, taxed_before, place)`;
  }
  await owner`
    INSERT INTO payout_return (program_id, creator_id, run_no, entry_key, after_settling, net, tax_back, taxed, reason, actor)
    SELECT ${programId}, r.creator_id, 1, 'payout-return:' || r.creator_id, true, 1000000, 0, r.taxed, 'test', 'test'
    FROM unnest(${textArray(taxed.map(({ creatorId }) => creatorId))}::text[],
                ${textArray(taxed.map(({ taxedReturned }) => money(taxedReturned)))}::numeric[]) AS r (creator_id, taxed)`;
}

/** The rows of a run by the domain: by creator, and whoever has no balance has none. */
function expectedRows(terms: PayoutTerms, creators: readonly Creator[]): (HashedPayout & { taxedBefore: bigint })[] {
  const byId = new Map(creators.map((creator) => [creator.creatorId, creator]));
  let number = 0;
  return sortUtf8([...byId.keys()]).flatMap((creatorId) => {
    const creator = byId.get(creatorId);
    if (creator === undefined || creator.available === 0n) {
      return [];
    }
    const { available, taxCountry, payee, account } = creator;
    const payout = payoutOf(terms, creator);
    const isDue = payout.reason === null;
    number += isDue ? 1 : 0;
    seen.set(payout.reason ?? 'due', (seen.get(payout.reason ?? 'due') ?? 0) + 1);
    return {
      creatorId,
      available,
      taxCountry,
      payee,
      account,
      ...payout,
      status: isDue ? ('due' as const) : ('waiting' as const),
      payoutNumber: isDue ? number : null,
    };
  });
}

async function storedRows({ runNumber }: PayoutRun, programId: number, currency: Currency) {
  const minor = (text: string): bigint => parseAmount(text, currency);
  const rows: unknown[] = [];
  for await (const page of readPayouts(books.sql, programId, runNumber)) {
    for (const { isReturned: _isReturned, available, gross, taxedBefore, withheld, net, ...row } of page) {
      rows.push({
        ...row,
        available: minor(available),
        gross: minor(gross),
        taxedBefore: minor(taxedBefore),
        withheld: minor(withheld),
        net: minor(net),
      });
    }
  }
  return rows;
}

const programs = CURRENCIES.flatMap((code, place) =>
  Array.from(
    { length: PROGRAMS_PER_CURRENCY },
    (_, index) => [code, SEED + place * PROGRAMS_PER_CURRENCY + index] as const,
  ),
);

it.each(programs)(
  'a run in %s has the payouts, reasons and hash that the domain gives: seed %i',
  async (code, seed) => {
    const draw = drawFrom(seed);
    const currency = currencyOf(code);
    const slug = `rule-${seed}`;
    const programId = await openPayingProgram(
      books,
      slug,
      { currency: code, payout: drawPayout(draw, currency), approvals: [] },
      [],
    );
    await earn(books, slug, PERIOD, []);
    const terms = payoutTerms((await newestPolicy(books.sql, programId)).policy);
    const prefixes = ['c', 'ü', '\uffee', '\u{1f600}'] as const;
    const creators = Array.from({ length: CREATORS }, (_, index) =>
      drawCreator(draw, terms, `${draw.pick(prefixes)}${index}`),
    );
    await store(programId, slug, currency, draw, creators);
    const { runId } = await draftRun(books.ledger, slug, BY);
    const run = await requireRun(books.sql, programId, runId);

    const expected = expectedRows(terms, creators);
    expect(await storedRows(run, programId, currency)).toEqual(expected);
    const due = expected.filter(({ status }) => status === 'due');
    const sum = (pick: (row: HashedPayout) => bigint): string =>
      formatAmount(
        due.reduce((total, row) => total + pick(row), 0n),
        currency,
      );
    const hasher = runHasher({ program: slug, runId, period: PERIOD, currency, policyVersion: run.policyVersion });
    for (const row of expected) {
      hasher.add(row);
    }
    expect(run).toMatchObject({
      payoutCount: due.length,
      waitingCount: expected.length - due.length,
      gross: sum(({ gross }) => gross),
      withheld: sum(({ withheld }) => withheld),
      net: sum(({ net }) => net),
      contentHash: hasher.digest(),
    });
  },
);

it('the rows came to where the rule differs', () => {
  for (const outcome of ['due', ...WAITING_REASONS]) {
    expect([outcome, (seen.get(outcome) ?? 0) > 50]).toEqual([outcome, true]);
  }
});
