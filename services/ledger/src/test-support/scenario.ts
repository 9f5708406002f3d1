import type { Policy } from '@rewardbook/domain/policy/policy';
import { actorOf } from '../../../../test/support/people.ts';
import { importCreators } from '../creators/import-creators.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, event, ingest, programOf, testPolicy } from './books.ts';

export const NOW = Date.parse('2024-12-15T00:00:00Z');

/** A program with October's events and revenue, and some of November's: ready for its first close. */
export async function openProgram(books: Books, slug: string, changes: Partial<Policy> = {}): Promise<number> {
  const { ledger } = books;
  const policy = testPolicy({ program: slug, risk: { maxLikesPerPair: 2 }, ...changes });
  await applyPolicy(ledger, { program: slug, policy, from: undefined, actor: actorOf('test') });
  const registered = ['c1', 'c2', 'c3'].map((creatorId) => ({
    creatorId,
    handle: null,
    country: 'ID',
    joinedOn: '2024-01-01',
    followers: 10,
    viewerIds: creatorId === 'c1' ? ['own'] : [],
    taxCountry: null,
    payee: null,
    account: null,
  }));
  await importCreators(ledger, slug, registered);
  await revenue(books, slug, '2024-10', '1000.00');
  const { programId } = await programOf(books, slug);
  const october = Array.from({ length: 30 }, (_, index) =>
    event(index % 5 === 0 ? 'follow' : 'like', `v${index % 7}`, `c${(index % 3) + 1}`, '2024-10-05T10:00:00Z', {
      contentId: `k${index % 4}`,
      id: `o${index}`,
    }),
  );
  await ingest(books.sql, programId, [
    ...october,
    event('like', 'own', 'c1', '2024-10-06T10:00:00Z', { id: 'self' }),
    event('like', 'v1', 'c9', '2024-09-06T10:00:00Z', { id: 'before' }),
  ]);
  await ingest(books.sql, programId, [
    event('unlike', 'v1', 'c2', '2024-11-05T10:00:00Z', { contentId: 'k1', id: 'n1' }),
    event('like', 'v8', 'c1', '2024-11-06T10:00:00Z', { id: 'n2' }),
  ]);
  return programId;
}

export async function revenue(books: Books, slug: string, period: string, amount: string): Promise<void> {
  const booking = { period, amount, reference: `ads-${period}` };
  await bookRevenue(books.ledger, slug, booking, { actor: actorOf('test'), now: NOW });
}
