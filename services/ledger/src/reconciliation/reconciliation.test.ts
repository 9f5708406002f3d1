import { createHash } from 'node:crypto';
import { SCOPES } from '@rewardbook/runtime/access/api-key';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Books, programOf, testPolicy } from '../test-support/books.ts';
import { openService, type TestService } from '../test-support/service.ts';

// Statements against books, over HTTP.

/** Money is booked on this day. */
const BOOKED_AT = Date.parse('2024-10-31T12:00:00Z');

let service: TestService;
let books: Books;
let finance: string;
let slug = '';
let programNumber = 0;

beforeAll(async () => {
  service = await openService({ now: () => BOOKED_AT });
  ({ books } = service);
  finance = await service.rootKey('finance', SCOPES);
});
afterAll(() => service.close());
beforeEach(async () => {
  programNumber += 1;
  slug = `program-${programNumber}`;
  await call('PUT', '', testPolicy({ program: slug, approvals: [] }));
});

function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, type = 'application/json') {
  const headers = body === undefined ? undefined : { 'content-type': type };
  return service.call(finance, method, `/v1/programs/${slug}${path}`, body, headers);
}

const PERIOD = '2024-10';
const at = (path: string, period = PERIOD) => `/reconciliations/${period}${path}`;

async function book(reference: string, amount: string, period = PERIOD): Promise<void> {
  expect((await call('POST', '/revenue', { period, amount, reference })).status).toBe(201);
}

/** Money through the bank account, as a payout run or a remittance posts it. */
async function bank(kind: string, reference: string, amount: string, on: string, reverses: string | null = null) {
  const { programId } = await programOf(books, slug);
  const key = `${kind}:${reference}`;
  const details = reverses === null ? JSON.stringify({ reference }) : '{"reason":"wrong"}';
  await books.owner`
    SELECT post_lines(${programId}, ${key}, ${kind}, ${on}::date, ${details}::text::jsonb, ${reverses}, ARRAY['', ''],
                      ARRAY['payouts:clearing', 'platform:cash'], ARRAY[-${amount}::numeric, ${amount}::numeric])`;
  return key;
}

const csvOf = (...lines: string[]) => `reference,amount,date,currency\n${lines.map((line) => `${line}\n`).join('')}`;

async function importFile(csv: string, query = 'kind=revenue', period = PERIOD) {
  const answer = await call('POST', at(`/statements?${query}`, period), csv, 'text/csv');
  expect([200, 201]).toContain(answer.status);
  return answer.json();
}

async function differences(query = '', period = PERIOD): Promise<string[]> {
  const { items } = (await call('GET', at(`/differences${query}`, period))).json();
  return items.map((item: Record<string, string>) => `${item.kind} ${item.reference} ${item.difference}`);
}

const state = async (period = PERIOD) => (await call('GET', at('', period))).json();

describe('what differs between statement and books', () => {
  it('is nothing where each reference has the same amount', async () => {
    await book('ads-1', '1000.00');
    await book('ads-2', '-50.00');
    await bank('settlement', 'SWIFT-1', '-75.25', '2024-10-31');
    await importFile(csvOf('ads-2,-50,2024-10-02,IDR', 'ads-1,1000.0,2024-10-01,IDR'));
    await importFile(csvOf('SWIFT-1,-75.25,2024-10-31,IDR'), 'kind=settlements');
    expect(await differences()).toEqual([]);
    expect(await state()).toMatchObject({ status: 'resolved', matched: 3, open: 0, explained: 0, marked: null });
  });

  it('is said line by line, for statements that count', async () => {
    await book('ads-1', '1000.00');
    await book('ads-2', '20.00');
    const old = await importFile(csvOf('ads-1,1000,2024-10-01,IDR'));
    const { importId } = await importFile(
      csvOf('ads-2,25.00,2024-10-02,IDR', 'ads-1,1000,2024-10-01,IDR', 'unbooked,5,2024-10-03,IDR'),
    );
    const lines = (await call('GET', at(`/statements/${importId}/lines`))).json();
    expect(lines).toEqual({
      items: [
        {
          line: 2,
          reference: 'ads-2',
          date: '2024-10-02',
          amount: '25.00',
          currency: 'IDR',
          bookAmount: '20.00',
          bookEntries: ['revenue:ads-2'],
          differences: ['amount-differs'],
        },
        expect.objectContaining({ line: 3, reference: 'ads-1', bookAmount: '1000.00', differences: [] }),
        expect.objectContaining({ line: 4, bookAmount: null, bookEntries: [], differences: ['missing-in-books'] }),
      ],
      nextCursor: null,
    });
    const first = (await call('GET', at(`/statements/${importId}/lines?limit=2`))).json();
    const rest = (await call('GET', at(`/statements/${importId}/lines?limit=2&cursor=${first.nextCursor}`))).json();
    expect([...first.items, ...rest.items]).toEqual(lines.items);
    expect((await call('GET', at(`/statements/${old.importId}/lines`))).status).toBe(404);
    expect((await call('GET', at(`/statements/${importId}/lines`, '2024-11'))).status).toBe(404);
  });

  it('is listed with its reason', async () => {
    await book('equal', '1.00');
    await book('amount', '2.00');
    await book('only-booked', '3.00');
    await book('zero', '0.00');
    await book('twice', '10.00');
    await book('dollars', '5.00');
    await book('early', '6.00');
    await book('next-month', '7.00', '2024-11');
    await bank('settlement', 'SWIFT-1', '-75.00', '2024-10-31');
    await bank('settlement', 'SWIFT-2', '-80.00', '2024-11-01');
    await importFile(
      csvOf(
        'equal,1.00,2024-10-01,IDR',
        'amount,2.01,2024-10-01,IDR',
        'twice,5.00,2024-10-01,IDR',
        'twice,5.00,2024-10-01,IDR',
        'dollars,5.00,2024-10-01,USD',
        'early,6.00,2024-09-30,IDR',
        'next-month,7.00,2024-10-31,IDR',
        'only-stated,9.00,2024-10-31,IDR',
      ),
    );
    await importFile(csvOf('SWIFT-2,-80.00,2024-10-31,IDR'), 'kind=settlements');
    const listed = [
      'revenue amount amount-differs',
      'revenue dollars wrong-currency',
      'revenue early wrong-period',
      'revenue next-month wrong-period',
      'revenue only-booked missing-in-statement',
      'revenue only-stated missing-in-books',
      'revenue twice duplicate-reference',
      'settlements SWIFT-1 missing-in-statement',
      'settlements SWIFT-2 wrong-period',
    ];
    expect(await differences()).toEqual(listed);
    expect(await state()).toMatchObject({ status: 'open', matched: 2, open: 9 });

    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await call('GET', at(`/differences?limit=2${cursor}`))).json();
      seen.push(...page.items.map(({ reference }: { reference: string }) => reference));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(listed.map((line) => line.split(' ')[1]));
  });

  it('shows both sides: lines of the file, and entries', async () => {
    await book('amount', '2.00');
    const { importId } = await importFile(csvOf('amount,2.01,2024-10-01,IDR'));
    const { items } = (await call('GET', at('/differences'))).json();
    expect(items).toEqual([
      {
        kind: 'revenue',
        reference: 'amount',
        difference: 'amount-differs',
        statement: [{ importId, line: 2, date: '2024-10-01', amount: '2.01', currency: 'IDR' }],
        statementLines: 1,
        bookAmount: '2.00',
        bookEntries: ['revenue:amount'],
        explanation: null,
      },
    ]);
  });

  it('is not an entry and its reversal: they cancel out', async () => {
    const key = await bank('settlement', 'SWIFT-1', '-75.00', '2024-10-30');
    await importFile(csvOf(), 'kind=settlements');
    expect(await differences()).toEqual(['settlements SWIFT-1 missing-in-statement']);
    await bank('reversal', 'x', '75.00', '2024-10-31', key);
    expect(await differences()).toEqual([]);
  });

  it('is not made up for by another entry that has the same reference', async () => {
    await bank('receipt', 'R', '75.00', '2024-10-30');
    await bank('tax-remittance', 'R', '-75.00', '2024-10-31');
    await importFile(csvOf(), 'kind=settlements');
    expect(await differences()).toEqual(['settlements R missing-in-statement']);
    await importFile(csvOf('R,75.00,2024-10-30,IDR'), 'kind=settlements');
    expect(await differences()).toEqual(['settlements R amount-differs']);
    await importFile(csvOf('R,0.00,2024-10-30,IDR'), 'kind=settlements');
    expect(await differences()).toEqual(['settlements R amount-differs']);
    await importFile(csvOf('R,75.00,2024-10-30,IDR', 'R,-75.00,2024-10-31,IDR'), 'kind=settlements');
    expect(await differences()).toEqual(['settlements R duplicate-reference']);
  });

  it('is not both lines of a bank that shows an entry and its reversal, nor their absence', async () => {
    const key = await bank('settlement', 'S', '-75.00', '2024-10-30');
    await bank('reversal', 'x', '75.00', '2024-10-31', key);
    await bank('receipt', 'S', '20.00', '2024-10-31'); // another entry of the same reference
    await importFile(csvOf('S,20.00,2024-10-31,IDR'), 'kind=settlements');
    expect(await differences()).toEqual([]);
    await importFile(csvOf('S,-75.00,2024-10-30,IDR', 'S,95.00,2024-10-31,IDR'), 'kind=settlements');
    expect(await differences()).toEqual(['settlements S duplicate-reference']);
    await importFile(csvOf('S,-55.00,2024-10-31,IDR'), 'kind=settlements');
    expect(await differences()).toEqual(['settlements S amount-differs']);
  });

  it('is found in each period where an entry and its reversal are of two', async () => {
    const key = await bank('settlement', 'T', '-75.00', '2024-10-30');
    await bank('reversal', 'x', '75.00', '2024-11-02', key);
    await importFile(csvOf('T,-75.00,2024-10-30,IDR'), 'kind=settlements');
    expect(await differences()).toEqual([]);
    await importFile(csvOf(), 'kind=settlements', '2024-11');
    expect(await differences('', '2024-11')).toEqual(['settlements T missing-in-statement']);
  });

  it('is found in what the ledger itself posts to the bank account, and not in what it takes back', async () => {
    for (const reference of ['IN-1', 'IN-2']) {
      const cash = { kind: 'receipt', amount: '1000.00', reference };
      expect((await call('POST', '/cash', cash)).status).toBe(201);
    }
    await importFile(csvOf('IN-1,1000.00,2024-10-31,IDR'), 'kind=settlements');
    expect(await differences()).toEqual(['settlements IN-2 missing-in-statement']);
    const reversal = { entryKey: 'receipt:IN-2', reason: 'it was another account' };
    expect((await call('POST', '/reversals', reversal)).status).toBe(201);
    expect(await differences()).toEqual([]);
  });

  it('takes sums exactly, of amounts of 30 digits too', async () => {
    const amount = '999999999999999999999999999999.99';
    await book('large', amount);
    await importFile(csvOf('large,999999999999999999999999999999.98,2024-10-01,IDR'));
    expect(await differences()).toEqual(['revenue large amount-differs']);
    await importFile(csvOf(`large,${amount},2024-10-01,IDR`));
    expect(await differences()).toEqual([]);
  });

  it('can be turned round for a bank that shows money out as positive', async () => {
    await bank('settlement', 'SWIFT-1', '-75.00', '2024-10-30');
    const file = csvOf('SWIFT-1,75.00,2024-10-30,IDR');
    await importFile(file, 'kind=settlements');
    expect(await differences()).toEqual(['settlements SWIFT-1 amount-differs']);
    await importFile(file, 'kind=settlements&reverseSigns=true');
    expect(await differences()).toEqual([]);
  });
});

describe('a statement', () => {
  it('is taken in once by its hash, and replaced by a newer one of its source', async () => {
    await book('ads-1', '1000.00');
    const [wrong, right] = [csvOf('ads-1,999.00,2024-10-01,IDR'), csvOf('ads-1,1000.00,2024-10-01,IDR')];
    const first = await importFile(wrong);
    expect(first).toMatchObject({ repeated: false, current: true, lines: 1, importedBy: 'finance' });
    expect(first.fileSha256).toBe(createHash('sha256').update(wrong).digest('hex'));
    expect(await importFile(wrong)).toEqual({ ...first, repeated: true });
    await importFile(right);
    expect(await importFile(wrong)).toEqual({ ...first, repeated: true, current: false });
    expect(await state()).toMatchObject({ open: 0, statements: [{ lines: 1 }] });
  });

  it('adds to those of other sources', async () => {
    await book('ads-1', '1.00');
    await book('ads-2', '2.00');
    await importFile(csvOf('ads-1,1.00,2024-10-01,IDR'), 'kind=revenue&source=one');
    await importFile(csvOf('ads-2,2.00,2024-10-01,IDR'), 'kind=revenue&source=two');
    expect(await differences()).toEqual([]);
    await importFile(csvOf('ads-1,1.00,2024-10-02,IDR', 'ads-2,2.00,2024-10-01,IDR'), 'kind=revenue&source=two');
    expect(await differences()).toEqual(['revenue ads-1 duplicate-reference', 'revenue ads-1 amount-differs'].sort());
  });

  it.each([
    ['an amount that is not a number', 'r,1.000.00,2024-10-01,IDR', 'line 2, column 2: amount'],
    ['more decimals than the currency has', 'r,1.005,2024-10-01,IDR', 'line 2, column 2: amount'],
    ['a day that does not exist', 'r,1.00,2024-02-30,IDR', 'line 2, column 3: date'],
    ['an unknown currency', 'r,1.00,2024-10-01,XQX', 'line 2, column 4: currency'],
    ['an empty reference', ',1.00,2024-10-01,IDR', 'line 2, column 1: reference'],
    ['a cell too few', 'r,1.00,2024-10-01', 'line 2: 3 cells where the header has 4'],
  ])('is refused whole for %s, naming line and column', async (_what, line, place) => {
    const csv = csvOf(line, 'fine,1.00,2024-10-01,IDR');
    const answer = await call('POST', at('/statements?kind=revenue'), csv, 'text/csv');
    expect([answer.status, answer.json().code]).toEqual([400, 'bad-statement']);
    expect(answer.json().errors[0].message).toContain(place);
    expect(await state()).toMatchObject({ status: 'no-statement', statements: [] });
  });

  it.each([
    ['another type', async () => call('POST', at('/statements?kind=revenue'), '<a/>', 'text/xml'), 415],
    ['no kind', async () => call('POST', at('/statements'), csvOf(), 'text/csv'), 400],
    [
      'a period of another kind',
      async () => call('POST', at('/statements?kind=revenue', '2024-W40'), csvOf(), 'text/csv'),
      400,
    ],
    [
      'bytes that are not UTF-8',
      async () => call('POST', at('/statements?kind=revenue'), Buffer.from([255, 254]), 'text/csv'),
      400,
    ],
    ['JSON', async () => call('POST', at('/statements?kind=revenue'), []), 415],
  ])('is refused: %s', async (_what, ask, status) => {
    expect((await ask()).status).toBe(status);
  });
});

describe('differences are counted down', () => {
  it('by a new file, a correction and an explanation; then a person marks the period', async () => {
    await book('ads-1', '1000.00');
    await book('ads-2', '500.00');
    await book('ads-3', '10.00');
    await importFile(csvOf('ads-1,990.00,2024-10-01,IDR', 'ads-2,450.00,2024-10-01,IDR', 'fee,-1.00,2024-10-01,IDR'));
    expect(await state()).toMatchObject({ open: 4 });
    const right = csvOf(
      'ads-1,1000.00,2024-10-01,IDR',
      'ads-2,450.00,2024-10-01,IDR',
      'cn-1,-50.00,2024-10-02,IDR',
      'fee,-1.00,2024-10-01,IDR',
    );
    await importFile(right);
    expect(await differences()).toEqual([
      'revenue ads-2 amount-differs',
      'revenue ads-3 missing-in-statement',
      'revenue cn-1 missing-in-books',
      'revenue fee missing-in-books',
    ]);
    await book('cn-1', '-50.00');
    expect(await state()).toMatchObject({ open: 3 });

    const early = await call('POST', at('/mark'), { hash: (await state()).hash });
    expect([early.status, early.json().code]).toEqual([409, 'differences-open']);
    for (const reference of ['ads-2', 'ads-3', 'fee']) {
      const before = (await state()).open;
      const reason = `${reference} is settled in November`;
      const explained = await call('POST', at('/explanations'), { kind: 'revenue', reference, reason });
      expect(explained.json().open).toBe(before - 1);
    }
    expect(await differences('?open=true')).toEqual([]);
    const { hash } = await state();
    const marked = (await call('POST', at('/mark'), { hash, note: 'October is done' })).json();
    expect(marked).toMatchObject({
      status: 'reconciled',
      open: 0,
      explained: 3,
      matched: 2,
      marked: { by: 'finance', hash, note: 'October is done' },
    });
    expect((await call('POST', at('/mark'), { hash })).json()).toEqual(marked);
  });

  it('keeps an explanation only for what it explained', async () => {
    await book('ads-1', '1000.00');
    await importFile(csvOf('ads-1,990.00,2024-10-01,IDR'));
    const body = {
      kind: 'revenue',
      reference: 'ads-1',
      difference: 'amount-differs',
      reason: 'rounding by the platform',
    };
    expect((await call('POST', at('/explanations'), body)).json()).toMatchObject({ open: 0, explained: 1 });
    expect((await call('POST', at('/explanations'), body)).json()).toMatchObject({ open: 0, explained: 1 });
    const { items } = (await call('GET', at('/differences'))).json();
    expect(items[0].explanation).toMatchObject({ note: body.reason, by: 'finance' });
    await importFile(csvOf('ads-1,900.00,2024-10-01,IDR'));
    expect(await state()).toMatchObject({ status: 'open', open: 1, explained: 0 });
  });

  it('tells when something has changed since the mark', async () => {
    await book('ads-1', '1.00');
    await importFile(csvOf('ads-1,1.00,2024-10-01,IDR'));
    const { hash } = await state();
    await call('POST', at('/mark'), { hash });
    await book('ads-0', '0.00');
    expect(await state()).toMatchObject({ status: 'resolved', open: 0, marked: { hash } });
    const stale = await call('POST', at('/mark'), { hash });
    expect([stale.status, stale.json().code]).toEqual([409, 'reconciliation-changed']);
    await book('ads-2', '2.00');
    expect(await state()).toMatchObject({ status: 'open', open: 1, marked: { hash } });
  });

  it.each([
    ['a difference that does not exist', { kind: 'revenue', reference: 'none', reason: 'because' }, 409],
    ['no reason', { kind: 'revenue', reference: 'none', reason: '  ' }, 400],
    ['an unknown kind', { kind: 'rent', reference: 'none', reason: 'because' }, 400],
  ])('not by explaining %s', async (_what, body, status) => {
    expect((await call('POST', at('/explanations'), body)).status).toBe(status);
  });

  it('not by marking a period without a statement', async () => {
    const answer = await call('POST', at('/mark'), { hash: (await state()).hash });
    expect([answer.status, answer.json().code]).toEqual([409, 'statement-missing']);
  });
});

it('is the same whatever order lines and bookings come in', async () => {
  const hashes = new Set<string>();
  const lines = ['a,1.00,2024-10-01,IDR', 'b,2.00,2024-10-02,IDR', 'b,3.00,2024-10-01,IDR'];
  await book('a', '1.00');
  await book('b', '5.00');
  for (const file of [lines, [...lines].reverse()]) {
    await importFile(csvOf(...file));
    hashes.add(JSON.stringify(await differences()));
  }
  expect(hashes.size).toBe(1);
});

it('imports 100,000 lines and finds the one that differs', { timeout: 60_000 }, async () => {
  const file = csvOf(...Array.from({ length: 100_000 }, (_, n) => `ads-${n},1.00,2024-10-01,IDR`));
  expect(await importFile(file)).toMatchObject({ lines: 100_000 });
  await book('ads-5', '1.00');
  expect(await state()).toMatchObject({ matched: 1, open: 99_999 });
});
