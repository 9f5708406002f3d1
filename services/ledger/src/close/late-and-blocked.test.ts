import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import {
  type Books,
  closeNow,
  event,
  ingest,
  openBooks,
  programOf,
  resultOf,
  testPolicy,
} from '../test-support/books.ts';
import { verifyProgram } from '../verify/verify-program.ts';

const NOW = Date.parse('2025-02-01T00:00:00Z');
const PERIODS = ['2024-10', '2024-11', '2024-12'];

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** Closes October to December 2024, each with a policy and events of its own; an empty policy changes nothing. */
async function live(
  slug: string,
  steps: readonly { risk?: Policy['risk']; events?: readonly EngagementEvent[] }[],
): Promise<PeriodResult[]> {
  const { ledger, sql } = books;
  const results: PeriodResult[] = [];
  for (const [index, period] of PERIODS.entries()) {
    const { risk, events = [] } = steps[index] ?? {};
    if (risk !== undefined) {
      const policy = testPolicy({ program: slug, risk, maxLatePeriods: 2 });
      await applyPolicy(ledger, {
        program: slug,
        policy,
        from: index === 0 ? undefined : period,
        actor: actorOf('test'),
      });
    }
    if (events.length > 0) {
      await ingest(sql, (await programOf(books, slug)).programId, events);
    }
    await bookRevenue(
      ledger,
      slug,
      { period, amount: '100.00', reference: period },
      { actor: actorOf('test'), now: NOW },
    );
    await closeNow(books, slug, period);
    results.push(JSON.parse(await resultOf(books, slug, period)));
  }
  const { checks } = await verifyProgram(ledger, await programOf(books, slug));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  return results;
}

const likesOf = (results: readonly PeriodResult[], creatorId: string) =>
  results.map(({ creators }) => creators.find((row) => row.creatorId === creatorId)?.netLikes ?? 0);

it.each<[string, Policy['risk'], number]>([
  ['maxLikesPerPair', { maxLikesPerPair: 3 }, 3],
  ['maxEventsPerViewerPerHour', { maxEventsPerViewerPerHour: 2 }, 2],
])('%s: a window gives no more when its likes are sent late and dated early', async (rule, risk, most) => {
  // Each close sees three more, dated before those that came before.
  const sent = (close: number) =>
    ['a', 'b', 'c'].map((content) =>
      event('like', 'bot', 'c', `2024-10-05T10:${40 - 10 * close}:00Z`, { contentId: `${content}${close}` }),
    );
  const results = await live(`late-${rule.toLowerCase()}`, [
    { risk, events: sent(1) },
    { events: sent(2) },
    { events: sent(3) },
  ]);
  expect(likesOf(results, 'c')).toEqual([most, 0, 0]);
  expect(results.slice(1).map(({ excluded }) => excluded)).toEqual([
    [{ rule, events: 3, points: '3' }],
    [{ rule, events: 3, points: '3' }],
  ]);
});

it('maxTogglesPerEngagement: a take-back judged before takes its place, however early a like is dated', async () => {
  const [like, unlike] = [
    event('like', 'bot', 'c', '2024-10-05T10:00:00Z'),
    event('unlike', 'bot', 'c', '2024-10-05T11:00:00Z'),
  ];
  const late = event('like', 'bot', 'c', '2024-10-05T12:00:00Z');
  const early = event('like', 'bot', 'd', '2024-10-01T00:00:00Z');
  const results = await live('late-toggles', [
    { risk: { maxTogglesPerEngagement: 2 }, events: [like, unlike] },
    { events: [late, early] },
  ]);
  expect(likesOf(results, 'c')).toEqual([0, 0, 0]);
  expect(likesOf(results, 'd')).toEqual([0, 1, 0]);
});

it('a block takes away and gives back what no event touches, and what was given under it', async () => {
  const results = await live('blocked', [
    { risk: {}, events: [event('like', 'v', 'c', '2024-10-05T00:00:00Z')] },
    { risk: { blockedViewers: ['v'] }, events: [event('like', 'v', 'd', '2024-11-05T00:00:00Z')] },
    { risk: {} },
  ]);
  expect(likesOf(results, 'c')).toEqual([1, -1, 1]);
  expect(likesOf(results, 'd')).toEqual([0, 0, 1]);
  expect(results[1]?.excluded).toEqual([{ rule: 'blockedViewers', events: 1, points: '1' }]);
});

it('what is taken back under a block is lost for no more than it cost; baseline is baseline, blocked or not', async () => {
  const results = await live('taken-back', [
    {
      risk: { blockedCreators: ['b'] },
      events: [event('like', 'v', 'b', '2024-09-05T00:00:00Z'), event('like', 'v', 'c', '2024-10-05T00:00:00Z')],
    },
    { risk: { blockedCreators: ['c'] }, events: [event('unlike', 'v', 'c', '2024-11-05T00:00:00Z')] },
    { risk: {}, events: [event('like', 'v', 'c', '2024-12-05T00:00:00Z')] },
  ]);
  expect(likesOf(results, 'b')).toEqual([0, 0, 0]);
  expect(likesOf(results, 'c')).toEqual([1, -1, 0]);
});
