import type { Policy } from '@rewardbook/domain/policy/policy';
import { actorOf } from '../../../../test/support/people.ts';
import { importCreators } from '../creators/import-creators.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, closeNow, event, ingest, programOf, testPolicy } from './books.ts';
import { NOW } from './scenario.ts';

export const BY = { actor: actorOf('ada'), now: NOW };
export const OTHER = { actor: actorOf('ben'), now: NOW };

/** Who is registered, and the likes that each gets in a period: a like earns 100.00. */
export interface Earner {
  readonly creatorId: string;
  readonly likes: number;
  readonly taxCountry?: string | null;
  readonly payee?: string | null;
  readonly account?: string | null;
}

export const EARNERS: readonly Earner[] = [
  { creatorId: 'c1', likes: 3 },
  { creatorId: 'c2', likes: 2 },
  { creatorId: 'c3', likes: 1 },
];

/** A program whose whole revenue is the pool; only payouts need approval, unless `changes` says otherwise. */
export async function openPayingProgram(
  books: Books,
  slug: string,
  changes: Partial<Policy> = {},
  earners: readonly Earner[] = EARNERS,
): Promise<number> {
  const policy = testPolicy({ program: slug, revenueShare: '1', approvals: ['payouts'], ...changes });
  await applyPolicy(books.ledger, { program: slug, policy, from: undefined, actor: actorOf('test') });
  await register(books, slug, earners);
  return (await programOf(books, slug)).programId;
}

export async function register(books: Books, slug: string, earners: readonly Earner[]): Promise<void> {
  await importCreators(
    books.ledger,
    slug,
    earners.map(({ creatorId, taxCountry = 'ID', payee = `Payee of ${creatorId}`, account = `ID-${creatorId}` }) => ({
      creatorId,
      handle: null,
      country: 'ID',
      joinedOn: null,
      followers: 0,
      viewerIds: [],
      taxCountry,
      payee,
      account,
    })),
  );
}

/** Records the likes of a period, books 100.00 for each, and closes it. */
export async function earn(
  books: Books,
  slug: string,
  period: string,
  earners: readonly Earner[] = EARNERS,
): Promise<void> {
  const { programId, currency } = await programOf(books, slug);
  const events = earners.flatMap(({ creatorId, likes }) =>
    Array.from({ length: likes }, (_, index) =>
      event('like', `v${index}`, creatorId, `${period}-05T10:00:00Z`, { contentId: `${period}-k` }),
    ),
  );
  if (events.length > 0) {
    await ingest(books.sql, programId, events);
  }
  const amount = `${100 * events.length}${currency.digits === 0 ? '' : `.${'0'.repeat(currency.digits)}`}`;
  await bookRevenue(books.ledger, slug, { period, amount, reference: `ads-${period}` }, BY);
  await closeNow(books, slug, period);
}

/** Balances of accounts that are not zero, debit positive, by account. */
export async function balancesOf(books: Books, programId: number, prefix = ''): Promise<Record<string, string>> {
  const rows = await books.sql<{ account: string; balance: string }[]>`
    SELECT account, (debit - credit)::text AS balance FROM account_balance
    WHERE program_id = ${programId} AND debit <> credit AND starts_with(account, ${prefix}) ORDER BY account COLLATE "C"`;
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

/** Lines of an entry as `account amount`, in order. */
export async function linesOf(books: Books, programId: number, entryKey: string): Promise<string[]> {
  const rows = await books.sql<{ line: string }[]>`
    SELECT p.account || ' ' || p.amount AS line FROM journal_entry e JOIN posting p USING (program_id, entry_id)
    WHERE e.program_id = ${programId} AND e.entry_key = ${entryKey} ORDER BY p.line`;
  return rows.map(({ line }) => line);
}
