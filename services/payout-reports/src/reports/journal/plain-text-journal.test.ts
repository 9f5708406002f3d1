import type { Composed } from '@rewardbook/runtime/serve';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.ts';
import { describeWith, runOnFile } from '../../formats/test-tools.ts';
import { composeReports, openTestBooks, type TestBooks } from '../../service/test-books.ts';

const PROGRAMS = [
  { slug: 'rupiah', currency: 'IDR', revenue: '123456789012345678901234567890.20' },
  { slug: 'yen', currency: 'JPY', revenue: '1001' },
  { slug: 'dinar', currency: 'KWD', revenue: '1.500' },
] as const;
const CREATORS = ['(a)', '*', '=SUM(A1)', 'b  c;d', 'e:f', 'g'.repeat(128), 'Ünï 👩‍🎤'];

let database: TestDatabase;
let service: Composed;
let headers: { authorization: string };
const books: TestBooks[] = [];
let sql: TestBooks['sql'];

beforeAll(async () => {
  database = await createTestDatabase();
  for (const { slug, currency, revenue } of PROGRAMS) {
    const book = await openTestBooks(database.ownerUrl, slug, { currency, revenueShare: '0.7', approvals: [] });
    books.push(book);
    sql = book.sql;
    await book.revenue('2025-09', revenue);
    const counts = CREATORS.map((creatorId, index) => ({ creatorId, netLikes: index + 1, netFollows: 0 }));
    await book.close('2025-09', counts);
    await book.revenue('2025-10', revenue);
    const reference = 'a, date: [x] ; b  c';
    await book.sql`SELECT * FROM book_cash(${book.programId}, 'receipt', ${revenue}, ${reference}, NULL, '2025-10-02', encode(sha256('ada'), 'hex'))`;
    await book.sql`SELECT * FROM reverse_entry(${book.programId}, ${`receipt:${reference}`}, 'twice', '2025-10-03', encode(sha256('ada'), 'hex'))`;
  }
  headers = (await books[0]?.key(['read'])) ?? { authorization: '' };
  service = await composeReports(database);
});

afterAll(async () => {
  await service?.app.close();
  await service?.close();
  for (const book of books) {
    await book.end();
  }
  await database?.drop();
});

async function get(slug: string, path: string): Promise<{ statusCode: number; body: string }> {
  return service.app.inject({ url: `/v1/programs/${slug}/reports/${path}`, headers });
}

/** Balances that are not zero, as the trial balance has them. */
async function trialBalance(slug: string): Promise<Record<string, string>> {
  const { rows } = JSON.parse((await get(slug, 'trial-balance')).body);
  return Object.fromEntries(
    rows
      .filter((row: Record<string, string>) => row.account !== '(total)' && /[1-9]/.test(row.balance ?? ''))
      .map((row: Record<string, string>) => [row.account, row.balance]),
  );
}

/** An amount as the programs print it, with the spare digits, as we write it. */
function withoutSpareDigits(text: string, currency: string): string {
  const amount = text.replace(` ${currency}`, '');
  expect(amount).toMatch(/\.\d*00$/);
  return amount.slice(0, -2).replace(/\.$/, '');
}

/** The journal with the last digit of its last posting changed. */
function outOfBalance(journal: string): string {
  return journal.replace(
    /(\d)( [A-Z]{3}\n)$/,
    (_, digit: string, rest: string) => `${(Number(digit) + 1) % 10}${rest}`,
  );
}

describe.each(PROGRAMS)('the plain-text journal of $slug', ({ slug, currency }) => {
  it('has an entry with key, number and hash for each one of ours', async () => {
    const { body } = await get(slug, 'journal?format=hledger');
    const entries = await sql<{ key: string; seq: string; hash: string }[]>`
      SELECT entry_key AS key, seq::text AS seq, hash FROM journal_entry JOIN program USING (program_id) WHERE slug = ${slug} ORDER BY seq`;
    const found = [...body.matchAll(/; key: (.*)\n(?: {4};.*\n)*? {4}; seq: (.*)\n(?: {4};.*\n)*? {4}; hash: (.*)\n/g)];
    expect(found.map(([, key = '', seq, hash]) => ({ key: decodeURIComponent(key), seq, hash }))).toEqual(entries);
    expect(found.length).toBeGreaterThan(3);
  });

  describeWith(['hledger'], 'is accepted by hledger', () => {
    it('in its strict mode', async () => {
      const { body } = await get(slug, 'journal?format=hledger');
      const check = (text: string) =>
        runOnFile(text, 'journal', (path) => ['hledger', 'check', '--strict', '-f', path]);
      expect(check(body)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(check(outOfBalance(body))).toMatchObject({ code: 1, stderr: expect.stringContaining('balance') });
    });

    it('with our balances, and our keys as tags', async () => {
      const { body } = await get(slug, 'journal?format=hledger');
      const run = (...args: string[]) => runOnFile(body, 'journal', (path) => ['hledger', ...args, '-f', path]).stdout;
      const rows: { account: string; balance: string }[] = parse(run('balance', '--flat', '-N', '-O', 'csv'), {
        columns: true,
      });
      const balances = rows.map(({ account, balance }) => [account, withoutSpareDigits(balance, currency)]);
      expect(Object.fromEntries(balances)).toEqual(await trialBalance(slug));
      expect(run('tags', 'key', '--values').split('\n')).toContain('receipt:a%2C%20date:%20%5Bx%5D%20%3B%20b%20%20c');
    });
  });

  describeWith(['ledger'], 'is accepted by Ledger', () => {
    it('in its pedantic mode, with our balances', async () => {
      const { body } = await get(slug, 'journal?format=hledger');
      const format = '%(account)\t%(scrub(display_total))\n';
      const run = (text: string) =>
        runOnFile(text, 'journal', (path) => [
          'ledger',
          '--pedantic',
          '--args-only',
          '-f',
          path,
          'balance',
          '--flat',
          '--no-total',
          '--balance-format',
          format,
        ]);
      const { code, stdout, stderr } = run(body);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
      const balances = lines.map(([account = '', total = '']) => [account, withoutSpareDigits(total, currency)]);
      expect(Object.fromEntries(balances)).toEqual(await trialBalance(slug));
      expect(run(outOfBalance(body)).code).not.toBe(0);
    });
  });
});

it('has only the entries of a period if one is given, and ends at the given time', async () => {
  const { body } = await get('yen', 'journal?format=hledger&period=2025-09');
  expect(body.match(/^\d{4}-\d\d-\d\d .*/gm)).toEqual(['2025-09-30 * (1) revenue', '2025-09-30 * (2) close']);
  const early = await get('yen', 'journal?format=hledger&asOf=2020-01-01T00:00:00Z');
  expect(early.body).not.toMatch(/^\d{4}-/m);
});

it('cannot be limited to one creator', async () => {
  expect((await get('yen', 'journal?format=hledger&creator=e%3Af')).statusCode).toBe(400);
  expect((await get('yen', 'trial-balance?format=hledger')).statusCode).toBe(400);
});
