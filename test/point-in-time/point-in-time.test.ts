import { accountDetailSchema, accountsPageSchema, trialBalanceSchema } from '@rewardbook/contracts/api/accounts';
import { reportSchema, statementRowSchema, trialBalanceRowSchema } from '@rewardbook/contracts/api/reports';
import { findApiKey, storeApiKey } from '@rewardbook/db/api-keys';
import { adjust } from '@rewardbook/ledger/adjustments/adjust';
import { importCreators } from '@rewardbook/ledger/creators/import-creators';
import { accountRoutes } from '@rewardbook/ledger/journal/account-routes';
import { rollBalances } from '@rewardbook/ledger/journal/checkpoint-sql';
import { applyPolicy } from '@rewardbook/ledger/programs/apply-policy';
import { bookRevenue } from '@rewardbook/ledger/revenue/book-revenue';
import {
  type Books,
  closeNow,
  event,
  ingest,
  openBooks,
  programOf,
  testPolicy,
} from '@rewardbook/ledger/test-support/books';
import { registered } from '@rewardbook/ledger/test-support/game';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { compose } from '@rewardbook/payout-reports/compose';
import { createKey } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { createApp } from '@rewardbook/runtime/app';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { actorOf } from '../support/people.ts';

const { key, hash } = createKey();
const IDR = currencyOf('IDR');
const SLUG = 'times';
const MONTHS = ['2024-08', '2024-09', '2024-10'];

let books: Books;
let reports: Composed;
let ledger: App;
/** Entries in order: posting time and effective date. */
let entries: { seq: number; postedAt: string; effectiveAt: string }[];

beforeAll(async () => {
  books = await openBooks();
  await storeApiKey(books.owner, { name: 'reader', keyHash: hash, scopes: ['read'] });
  const logger = createLogger({ name: 'test', level: 'error' });
  reports = await compose({ databaseUrl: books.database.serviceUrls.reports, logger });
  await reports.app.ready();
  ledger = await createApp({
    name: 'ledger',
    description: 'test',
    logger,
    findKey: (found) => findApiKey(books.sql, found),
  });
  accountRoutes(ledger, books.ledger);
  await ledger.ready();
  await live();
});
afterAll(async () => {
  await ledger?.close();
  await reports?.app.close();
  await reports?.close();
  await books?.close();
});

/** Three closes; the revenue of the last is booked a month late, so that posting and effect go different ways. */
async function live(): Promise<void> {
  await applyPolicy(books.ledger, {
    program: SLUG,
    policy: testPolicy({ program: SLUG }),
    from: undefined,
    actor: actorOf('test'),
  });
  const { programId } = await programOf(books, SLUG);
  const book = (period: string, amount: string, now: string) =>
    bookRevenue(
      books.ledger,
      SLUG,
      { period, amount, reference: `ads-${period}` },
      { actor: actorOf('test'), now: Date.parse(now) },
    );
  await book('2024-08', '1000.00', '2024-12-20T00:00:00Z');
  await book('2024-09', '3000.01', '2024-12-20T00:00:00Z');
  for (const [index, period] of MONTHS.entries()) {
    if (period === '2024-10') {
      await book(period, '10.00', '2024-12-21T00:00:00Z');
    }
    await ingest(books.sql, programId, [
      event('like', `v${index}`, 'ann', `${period}-05T00:00:00Z`),
      event('follow', `w${index}`, 'bob:é', `${period}-06T00:00:00Z`),
    ]);
    await closeNow(books, SLUG, period);
  }
  entries = (
    await books.sql<{ seq: number; postedAt: Date; effectiveAt: string }[]>`
      SELECT seq::integer AS seq, posted_at AS "postedAt", effective_at::text AS "effectiveAt" FROM journal_entry ORDER BY seq`
  ).map((row) => ({ ...row, postedAt: row.postedAt.toISOString() }));
}

async function ask<Schema extends z.ZodType>(app: App, path: string, schema: Schema): Promise<z.output<Schema>> {
  const response = await app.inject({
    url: `/v1/programs/${SLUG}/${path}`,
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.statusCode, response.body).toBe(200);
  return schema.parse(JSON.parse(response.body));
}

const trialReport = (query: string) =>
  ask(reports.app, `reports/trial-balance?${query}`, reportSchema(trialBalanceRowSchema));
const trialPage = (query: string) => ask(ledger, `trial-balance?${query}`, trialBalanceSchema);

/** Sums of debits and credits by account, the plainest way: over all postings, picked by hand. */
async function expected(
  counts: (entry: { seq: number; effectiveAt: string }) => boolean,
): Promise<Map<string, string>> {
  const rows = await books.sql<{ seq: number; effectiveAt: string; account: string; amount: string }[]>`
    SELECT e.seq::integer AS seq, e.effective_at::text AS "effectiveAt", p.account, p.amount::text AS amount
    FROM journal_entry e JOIN posting p ON p.entry_id = e.entry_id`;
  const sums = new Map<string, [bigint, bigint]>();
  for (const row of rows.filter(counts)) {
    const amount = parseAmount(row.amount, IDR);
    const [debit, credit] = sums.get(row.account) ?? [0n, 0n];
    sums.set(row.account, amount > 0n ? [debit + amount, credit] : [debit, credit - amount]);
  }
  return new Map([...sums].map(([account, [debit, credit]]) => [account, `${debit} ${credit}`]));
}

const bySums = (items: readonly { account: string; debit: string; credit: string }[]) =>
  new Map(
    items.map(({ account, debit, credit }) => [account, `${parseAmount(debit, IDR)} ${parseAmount(credit, IDR)}`]),
  );

it('at any posting time, on any effective date and both, the trial balance has what counts then, and its totals are equal', async () => {
  const times = [
    undefined,
    '2001-01-01T00:00:00Z',
    ...entries.map(({ postedAt }) => postedAt),
    '2999-01-01T00:00:00+07:00',
  ];
  const dates = [undefined, '1999-12-31', ...new Set(entries.map(({ effectiveAt }) => effectiveAt)), '2024-09-15'];
  for (const asOf of times) {
    const at = asOf === undefined ? Number.POSITIVE_INFINITY : Date.parse(asOf);
    const seq = entries.filter(({ postedAt }) => Date.parse(postedAt) <= at).at(-1)?.seq ?? 0;
    for (const effective of dates) {
      const counted = await expected(
        (entry) => entry.seq <= seq && (effective === undefined || entry.effectiveAt <= effective),
      );
      const query = new URLSearchParams({ ...(asOf && { asOf }), ...(effective && { effective }) }).toString();
      const { rows } = await trialReport(query);
      const total = rows.pop();
      expect(bySums(rows)).toEqual(counted);
      expect(total?.debit).toBe(total?.credit);
      const page = await trialPage(query);
      expect(bySums(page.items)).toEqual(counted);
      expect([page.totalDebit, page.totalCredit]).toEqual([total?.debit, total?.credit]);
    }
  }
});

it('as of the newest posting, it is the present', async () => {
  const last = entries.at(-1)?.postedAt ?? '';
  expect((await trialReport(`asOf=${last}`)).rows).toEqual((await trialReport('')).rows);
  expect(await trialPage(`asOf=${last}`)).toEqual(await trialPage(''));
  const accounts = await ask(ledger, `accounts?prefix=creator:&limit=1&asOf=${last}`, accountsPageSchema);
  expect(accounts).toEqual(await ask(ledger, 'accounts?prefix=creator:&limit=1', accountsPageSchema));
  expect(accounts.nextCursor).not.toBeNull();
  const next = await ask(
    ledger,
    `accounts?prefix=creator:&asOf=${last}&cursor=${accounts.nextCursor}`,
    accountsPageSchema,
  );
  expect(next.items.map(({ account }) => account)).toEqual(['creator:bob%3A%C3%A9:payable']);
});

it('a statement ends at the point in time, without estimates', async () => {
  const schema = reportSchema(statementRowSchema);
  const second = entries.find(({ effectiveAt, seq }) => effectiveAt === '2024-09-30' && seq > 2);
  const asOf = await ask(reports.app, `reports/statement?creator=ann&asOf=${second?.postedAt}`, schema);
  const closed = asOf.rows.filter(({ line }) => line === 'movement').map(({ entry_key }) => entry_key);
  expect(closed).toEqual(['close:2024-08', 'close:2024-09']);
  const effective = await ask(reports.app, 'reports/statement?creator=ann&effective=2024-09-29', schema);
  expect(effective.rows.map(({ line, balance }) => [line, balance])).toEqual([
    ['opening', '0.00'],
    ['movement', '25.00'],
    ['closing', '25.00'],
  ]);
  expect(effective).toMatchObject({ effective: '2024-09-29', asOf: null });
});

it('refuses what is not an instant or date', async () => {
  for (const query of ['asOf=2024-10-01', 'effective=2024-02-30', 'asOf=now']) {
    const response = await reports.app.inject({
      url: `/v1/programs/${SLUG}/reports/trial-balance?${query}`,
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.json().code).toBe('invalid-request');
  }
});

it('pages of the trial balance and their totals are of one moment, whatever is posted between them', async () => {
  const by = { actor: actorOf('test'), now: Date.parse('2024-12-22T00:00:00Z') };
  const book = async (reference: string, rolls: boolean): Promise<void> => {
    const call = { kind: 'adjustment', creatorId: 'ann', amount: '7.00', reason: 'r', reference } as const;
    await adjust(books.ledger, SLUG, call, by);
    const { programId } = await programOf(books, SLUG);
    await importCreators(books.ledger, SLUG, [registered(`new-${reference}`, 'ID')]);
    await adjust(books.ledger, SLUG, { ...call, creatorId: `new-${reference}`, reference: `${reference}-new` }, by);
    if (rolls) {
      await rollBalances(books.sql, programId);
    }
  };
  await books.owner`UPDATE policy_version SET policy = (policy::jsonb || '{"approvals":[]}')::text`;
  for (const [query, path] of [
    ['limit=2', 'trial-balance'],
    ['limit=1&asOf=2999-01-01T00:00:00Z', 'trial-balance'],
    ['limit=3&effective=2999-01-01', 'trial-balance'],
    ['limit=2', 'accounts'],
  ] as const) {
    const items: { account: string; debit: string; credit: string }[] = [];
    const all = bySums((await trialPage('')).items);
    const totals = new Set<string>();
    for (let cursor = '', page = 0; ; page += 1) {
      const found =
        path === 'accounts'
          ? {
              ...(await ask(ledger, `accounts?${query}${cursor}`, accountsPageSchema)),
              totalDebit: '',
              totalCredit: '',
            }
          : await trialPage(`${query}${cursor}`);
      items.push(...found.items);
      totals.add(`${found.totalDebit} ${found.totalCredit}`);
      if (found.nextCursor === null) {
        break;
      }
      cursor = `&cursor=${found.nextCursor}`;
      await book(`${path}-${query}-${page}`, page % 2 === 1);
    }
    expect([query, bySums(items)]).toEqual([query, all]);
    expect(items).toHaveLength(all.size);
    if (path === 'accounts') {
      continue;
    }
    const sum = (side: 'debit' | 'credit') => items.reduce((total, item) => total + parseAmount(item[side], IDR), 0n);
    expect([...totals].map((text) => text.split(' ').map((one) => parseAmount(one, IDR)))).toEqual([
      [sum('debit'), sum('credit')],
    ]);
  }
});

it('an account and its movements are of one moment', async () => {
  const answer = await ask(ledger, 'accounts/creator:ann:payable?limit=1000', accountDetailSchema);
  expect(answer.movements.items.at(-1)?.balance).toBe(answer.balance);
});
