import { reportRowSchemas } from '@rewardbook/contracts/api/reports';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.ts';
import { composeReports, openTestBooks, type TestBooks } from '../../service/test-books.ts';

// Likes of 2025-09, of 1000.00: a tenth each.
const LIKES = { back: 20, debt: 5, due: 40, held: 6, late: 18, none: 0, small: 1, unknown: 10 } as const;

let database: TestDatabase;
let service: Composed;
let books: TestBooks;
let headers: { authorization: string };
/** The report after each step. */
const at: Record<'draft' | 'approved' | 'second' | 'third' | 'pending' | 'posted', Row[]> = {
  draft: [],
  approved: [],
  second: [],
  third: [],
  pending: [],
  posted: [],
};

type Row = Record<string, string | number | null>;

beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'demo', {
    revenueShare: '1',
    approvals: ['payouts'],
    payout: {
      minimum: '10.00',
      roundTo: '3.00',
      holdback: { share: '0.2', periods: 1 },
      withholding: { ID: '0.1' },
    },
  });
  headers = await books.key(['read', 'read:payments']);
  service = await composeReports(database);
  await live();
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.end();
  await database?.drop();
});

/** Two months with a run each: payouts that come back before and after settlement, a clawback into debt, holdback and release. */
async function live(): Promise<void> {
  const { sql, programId } = books;
  await books.creators(
    Object.keys(LIKES)
      .filter((creatorId) => creatorId !== 'unknown')
      .map((creatorId) => ({
        creatorId,
        payee: creatorId.toUpperCase(),
        taxCountry: creatorId === 'late' ? 'MY' : 'ID',
      })),
  );
  await books.revenue('2025-09', '1000.00');
  await books.close(
    '2025-09',
    Object.entries(LIKES).map(([creatorId, likes]) => ({
      creatorId,
      netLikes: creatorId === 'none' ? -1 : likes,
      netFollows: 0,
    })),
  );
  await sql`SELECT post_holdbacks(${programId})`;
  await sql`SELECT post_adjustment(${programId}, 'clawback', 'debt', '55.00', 'bought', 'A1', '2025-10-02', encode(sha256('ada'), 'hex'))`;
  await sql`SELECT set_hold(${programId}, 'held', 'placed', 'inquiry', NULL, encode(sha256('ada'), 'hex'))`;
  await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
  at.draft = await rows('payouts?period=2025-09');
  await approve('2025-09-1');
  await sql`SELECT return_payout(${programId}, '2025-09-1', 'back', 'account closed', '2025-10-04', encode(sha256('ben'), 'hex'))`;
  await sql`SELECT export_run(${programId}, '2025-09-1', encode(sha256('ben'), 'hex')), settle_run(${programId}, '2025-09-1', 'B1', '2025-10-05', encode(sha256('ben'), 'hex'))`;
  await sql`SELECT return_payout(${programId}, '2025-09-1', 'late', 'name differs', '2025-10-06', encode(sha256('ben'), 'hex'))`;
  at.approved = await rows('payouts?run=2025-09-1');
  await books.revenue('2025-10', '100.00');
  await books.close('2025-10', [
    { creatorId: 'due', netLikes: 1, netFollows: 1 },
    { creatorId: 'none', netLikes: 0, netFollows: 0, carriedIn: '-1' },
    { creatorId: 'small', netLikes: 2, netFollows: 0 },
  ]);
  at.pending = await rows('payouts?period=2025-10');
  await sql`SELECT post_holdbacks(${programId})`;
  at.posted = await rows('payouts?period=2025-10');
  await sql`SELECT set_hold(${programId}, 'late', 'lifted', 'returned', NULL, encode(sha256('ada'), 'hex'))`;
  await sql`SELECT post_adjustment(${programId}, 'adjustment', 'back', '1.50', 'fee', 'A2', '2025-11-02', encode(sha256('ada'), 'hex'))`;
  at.third = await rows('payouts?period=2025-10');
  await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
  await approve('2025-10-1');
  at.second = await rows('payouts?period=2025-10');
}

async function approve(run: string): Promise<void> {
  const { sql, programId } = books;
  await sql`SELECT approve_run(${programId}, ${run}, content_hash, '2025-10-03', encode(sha256('ben'), 'hex')) FROM payout_run
            WHERE program_id = ${programId} AND run_id = ${run}`;
}

async function rows(path: string): Promise<Row[]> {
  const answer = await service.app.inject({ url: `/v1/programs/demo/reports/${path}`, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  const found: Row[] = answer.json().rows;
  const isPayouts = path.startsWith('payouts');
  for (const row of found) {
    if (isPayouts) {
      expect(reportRowSchemas.payouts.strict().safeParse(row).error).toBeUndefined();
    }
  }
  return found;
}

const cents = (text: unknown): bigint => (typeof text === 'string' ? BigInt(text.replace('.', '')) : 0n);
const sum = (found: readonly Row[], column: string): bigint =>
  found.reduce((total, row) => total + cents(row[column]), 0n);
const pick = (found: readonly Row[], ...columns: string[]) => found.map((row) => columns.map((column) => row[column]));

describe('a run in the payouts report', () => {
  it('has every column of a payout', () => {
    expect(at.approved.find((row) => row.creator_id === 'due')).toEqual({
      period: '2025-09',
      run_id: '2025-09-1',
      payout_id: '2025-09-1-2',
      creator_id: 'due',
      likes: 40,
      follows: 0,
      points: '40',
      weight: '40',
      pool_share: '0.4',
      currency: 'IDR',
      gross: '318.00',
      adjustment: '0.00',
      held: '80.00',
      released: '0.00',
      withholding: '31.80',
      net: '286.20',
      carried_in: '0.00',
      carried_out: '2.00',
      status: 'settled',
      status_reason: null,
      policy_version: 1,
      entry_key: 'payout-run:2025-09-1',
      allocated: '400.00',
      returned: '0.00',
      return_entry_key: null,
      taxed_before: '0.00',
      pool_amount: '400.00',
      commission_paid: '0.00',
      commission_earned: '0.00',
    });
  });

  it('says who waits and why, and pays them nothing', () => {
    const waiting = at.approved.filter((row) => row.status === 'waiting');
    expect(
      pick(waiting, 'creator_id', 'status_reason', 'allocated', 'adjustment', 'gross', 'carried_out', 'entry_key'),
    ).toEqual([
      ['debt', 'not-above-zero', '50.00', '-45.00', '0.00', '-5.00', null],
      ['held', 'on-hold', '60.00', '0.00', '0.00', '48.00', null],
      ['small', 'below-minimum', '10.00', '0.00', '0.00', '8.00', null],
      ['unknown', 'incomplete', '100.00', '0.00', '0.00', '80.00', null],
    ]);
  });

  it('follows the run from draft to settlement, and payouts that come back', () => {
    const status = (found: readonly Row[]) => pick(found, 'creator_id', 'status', 'status_reason', 'return_entry_key');
    expect(status(at.draft.filter((row) => row.status !== 'waiting'))).toEqual([
      ['back', 'due', null, null],
      ['due', 'due', null, null],
      ['late', 'due', null, null],
      ['none', 'projected-waiting', 'not-above-zero', null],
    ]);
    expect(at.draft.every((row) => row.entry_key === null)).toBe(true);
    expect(status(at.approved.filter((row) => row.status !== 'waiting'))).toEqual([
      ['back', 'returned', 'account closed', 'payout-returned:2025-09-1-1'],
      ['due', 'settled', null, null],
      ['late', 'returned', 'name differs', 'payout-returned:2025-09-1-3'],
    ]);
  });

  it('counts in the next run what came back, was released, adjusted and left', () => {
    expect(
      pick(
        at.second,
        'creator_id',
        'carried_in',
        'allocated',
        'adjustment',
        'held',
        'released',
        'returned',
        'gross',
        'carried_out',
        'status',
      ),
    ).toEqual([
      ['back', '1.00', '0.00', '1.50', '0.00', '40.00', '159.00', '0.00', '201.50', 'waiting'],
      ['debt', '-5.00', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00', '-5.00', 'waiting'],
      ['due', '2.00', '50.00', '0.00', '10.00', '80.00', '0.00', '120.00', '2.00', 'approved'],
      ['held', '48.00', '0.00', '0.00', '0.00', '12.00', '0.00', '0.00', '60.00', 'waiting'],
      ['late', '0.00', '0.00', '0.00', '0.00', '36.00', '144.00', '180.00', '0.00', 'approved'],
      ['none', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00', '0.00', 'projected-waiting'],
      ['small', '8.00', '50.00', '0.00', '10.00', '2.00', '0.00', '48.00', '2.00', 'approved'],
      ['unknown', '80.00', '0.00', '0.00', '0.00', '20.00', '0.00', '0.00', '100.00', 'waiting'],
    ]);
    for (const row of at.second) {
      expect(row.run_id).toBe(row.creator_id === 'none' ? null : '2025-10-1');
    }
  });

  it('can be followed: each row adds up, and a run begins with what the one before left', () => {
    for (const row of [...at.draft, ...at.approved, ...at.second, ...at.third]) {
      const came = ['allocated', 'adjustment', 'released', 'returned'].reduce(
        (all, name) => all + cents(row[name]),
        0n,
      );
      expect(cents(row.carried_in) + came - cents(row.held) - cents(row.gross), String(row.creator_id)).toBe(
        cents(row.carried_out),
      );
      expect(cents(row.gross) - cents(row.withholding)).toBe(cents(row.net));
    }
    const left = new Map(at.approved.map((row) => [row.creator_id, row.carried_out]));
    for (const row of at.second) {
      expect(row.carried_in).toBe(left.get(String(row.creator_id)) ?? '0.00');
    }
  });

  it('adds up to the journal', async () => {
    const journal = await rows('journal');
    const moved = (key: string, account: RegExp, side: 'debit' | 'credit') =>
      sum(
        journal.filter((row) => row.entry_key === key && account.test(String(row.account))),
        side,
      );
    for (const [found, period] of [
      [at.approved, '2025-09'],
      [at.second, '2025-10'],
    ] as const) {
      const key = `payout-run:${period}-1`;
      expect(sum(found, 'gross')).toBe(moved(key, /:payable$/, 'debit'));
      expect(sum(found, 'withholding')).toBe(moved(key, /^tax:/, 'credit'));
      expect(sum(found, 'net')).toBe(moved(key, /^payouts:clearing$/, 'credit'));
      expect(sum(found, 'held')).toBe(moved(`holdback:${period}`, /:payable$/, 'debit'));
      expect(sum(found, 'released')).toBe(moved(`release:${period}`, /:payable$/, 'credit'));
      expect(sum(found, 'allocated')).toBe(moved(`close:${period}`, /:payable$/, 'credit'));
    }
    expect(sum(at.second, 'returned')).toBe(
      sum(
        journal.filter((row) => row.kind === 'payout-return' && /:payable$/.test(String(row.account))),
        'credit',
      ),
    );
    const balances = journal.filter((row) => /:payable$/.test(String(row.account)));
    expect(sum(at.second, 'carried_out')).toBe(sum(balances, 'credit') - sum(balances, 'debit'));
  });

  it('takes what is left if there is no run yet, and says what one would pay', () => {
    expect(at.third.map((row) => row.run_id)).toEqual(at.third.map(() => null));
    const columns = ['creator_id', 'carried_in', 'gross', 'status', 'status_reason', 'entry_key'] as const;
    expect(pick(at.third, ...columns)).toEqual([
      ['back', '1.00', '201.00', 'projected-waiting', 'on-hold', 'close:2025-10'],
      ['debt', '-5.00', '0.00', 'projected-waiting', 'not-above-zero', 'close:2025-10'],
      ['due', '2.00', '120.00', 'projected', null, 'close:2025-10'],
      ['held', '48.00', '60.00', 'projected-waiting', 'on-hold', 'close:2025-10'],
      ['late', '0.00', '180.00', 'projected', null, 'close:2025-10'],
      ['none', '0.00', '0.00', 'projected-waiting', 'not-above-zero', 'close:2025-10'],
      ['small', '8.00', '48.00', 'projected', null, 'close:2025-10'],
      ['unknown', '80.00', '99.00', 'projected-waiting', 'incomplete', 'close:2025-10'],
    ]);
    const paid = at.second.filter((row) => row.status === 'approved');
    expect(
      sum(
        at.third.filter((row) => row.status === 'projected'),
        'gross',
      ),
    ).toBe(sum(paid, 'gross'));
  });

  it('shows a close with the holdback and release that are about to be posted', () => {
    expect(at.pending).toEqual(at.posted);
    expect(sum(at.posted, 'held')).toBe(20_00n);
    expect(sum(at.posted, 'released')).toBe(190_00n);
  });

  it('is found by its period, its name and its creator', async () => {
    expect(await rows('payouts')).toEqual([...(await rows('payouts?period=2025-09')), ...at.second]);
    expect(pick(await rows('payouts?creator=late'), 'run_id', 'gross')).toEqual([
      ['2025-09-1', '144.00'],
      ['2025-10-1', '180.00'],
    ]);
    const get = async (query: string) => {
      const { statusCode, body } = await service.app.inject({
        url: `/v1/programs/demo/reports/payouts?${query}`,
        headers,
      });
      return [statusCode, JSON.parse(body).code];
    };
    expect(await get('run=2025-09-2')).toEqual([404, 'run-unknown']);
    expect(await get('run=2025-09-1&period=2025-10')).toEqual([400, 'bad-request']);
  });

  it('is in the summary of its periods', async () => {
    expect(pick(await rows('summary'), 'period', 'creators_paid', 'creators_waiting')).toEqual([
      ['2025-09', 7, 5],
      ['2025-10', 2, 1],
    ]);
  });
});

it('shows a discarded run only if it is asked for, and its money is projected again', async () => {
  const { sql, programId } = books;
  await sql`SELECT set_hold(${programId}, 'held', 'lifted', 'inquiry', NULL, encode(sha256('ada'), 'hex'))`;
  await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
  const drafted = await rows('payouts?period=2025-10');
  expect(
    pick(
      drafted.filter((row) => row.run_id === '2025-10-2' && row.status === 'due'),
      'creator_id',
      'gross',
      'carried_in',
      'likes',
      'weight',
    ),
  ).toEqual([['held', '60.00', '60.00', 0, null]]);
  await sql`SELECT discard_run(${programId}, '2025-10-2', 'later', encode(sha256('ada'), 'hex'))`;
  expect(await rows('payouts?period=2025-10')).toEqual(at.second);
  expect(
    pick(
      (await rows('payouts?run=2025-10-2')).filter((row) => row.payout_id !== null),
      'creator_id',
      'status',
    ),
  ).toEqual([['held', 'discarded']]);
});

it('shows a draft that a close has overtaken only if it is asked for, and projects its money with that close', async () => {
  const { sql, programId } = books;
  await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
  expect((await rows('payouts?period=2025-10')).some((row) => row.run_id === '2025-10-3')).toBe(true);
  await books.revenue('2025-11', '0.00');
  await books.close('2025-11', [{ creatorId: 'none', netLikes: 0, netFollows: 0, carriedIn: '-1' }]);
  await sql`SELECT post_holdbacks(${programId})`;
  expect(await rows('payouts?period=2025-10')).toEqual(at.second);
  const projected = await rows('payouts?period=2025-11');
  // Every creator with a balance has a row, as in the run that follows.
  await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
  const drafted = await rows('payouts?run=2025-11-1');
  const columns = ['creator_id', 'carried_in', 'released', 'carried_out', 'status_reason'];
  const owed = projected.filter((row) => row.creator_id !== 'none'); // who is of the close, and is owed nothing
  expect(pick(owed, 'creator_id', 'status_reason')).toEqual(pick(drafted, 'creator_id', 'status_reason'));
  const isPaid = (row: Row) => row.status === 'projected' || row.status === 'due';
  expect(pick(projected.filter(isPaid), ...columns, 'gross', 'net')).toEqual(
    pick(drafted.filter(isPaid), ...columns, 'gross', 'net'),
  );
  expect(drafted.map((row) => row.creator_id)).toContain('debt');
});

it('projects what came back net of a remitted tax without taxing it again, as a run pays it', async () => {
  const taxed = await openTestBooks(database.ownerUrl, 'taxed', {
    revenueShare: '1',
    approvals: [],
    payout: { withholding: { ID: '0.1' } },
  });
  const { sql, programId } = taxed;
  const get = async (query: string): Promise<Row[]> => {
    const answer = await service.app.inject({ url: `/v1/programs/taxed/reports/payouts?${query}`, headers });
    return answer.json().rows;
  };
  try {
    await taxed.creators([{ creatorId: 'ann', payee: 'Ann', taxCountry: 'ID' }]);
    const earn = async (period: string) => {
      await taxed.revenue(period, '100.00');
      await taxed.close(period, [{ creatorId: 'ann', netLikes: 1, netFollows: 0 }]);
    };
    await earn('2025-09');
    await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
    await sql`SELECT approve_run(${programId}, run_id, content_hash, '2025-10-03', encode(sha256('ben'), 'hex')) FROM payout_run WHERE program_id = ${programId}`;
    await sql`SELECT remit_tax(${programId}, 'ID', NULL, 'T1', '2025-10-04', encode(sha256('ben'), 'hex'))`;
    await sql`SELECT return_payout(${programId}, '2025-09-1', 'ann', 'closed', '2025-10-05', encode(sha256('ben'), 'hex'))`;
    await sql`SELECT set_hold(${programId}, 'ann', 'lifted', 'returned', NULL, encode(sha256('ada'), 'hex'))`;
    await earn('2025-10');
    const columns = ['gross', 'taxed_before', 'withholding', 'net', 'carried_out'];
    const amounts = [['190.00', '90.00', '10.00', '180.00', '0.00']];
    expect(pick(await get('period=2025-10'), ...columns)).toEqual(amounts);
    await sql`SELECT draft_run(${programId}, encode(sha256('ada'), 'hex'))`;
    expect(pick(await get('run=2025-10-1'), ...columns)).toEqual(amounts);
  } finally {
    await taxed.end();
  }
});
