import {
  type Explanation,
  explainedEngagementOutSchema,
  explainedEventOutSchema,
  explanationSchema,
} from '@rewardbook/contracts/api/explanation';
import { periodResultSchema } from '@rewardbook/contracts/api/result';
import { pageOf } from '@rewardbook/contracts/values/cursor';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { policyHash } from '@rewardbook/domain/policy/policy';
import { importCreators } from '@rewardbook/ledger/creators/import-creators';
import { applyPolicy } from '@rewardbook/ledger/programs/apply-policy';
import { bookRevenue } from '@rewardbook/ledger/revenue/book-revenue';
import { type Books, closeNow, ingest, openBooks, programOf, resultOf } from '@rewardbook/ledger/test-support/books';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { compose } from '@rewardbook/payout-reports/compose';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { histories } from '../reference/histories.ts';
import type { History } from '../reference/history.ts';
import { actorOf } from '../support/people.ts';

const RUNS = 15;
const NOW = Date.parse('2026-11-20T00:00:00Z');
const { key, hash } = createKey();

let books: Books;
let service: Composed;
let programs = 0;

beforeAll(async () => {
  books = await openBooks();
  await storeApiKey(books.owner, { name: 'reader', keyHash: hash, scopes: ['read'] });
  const logger = createLogger({ name: 'test', level: 'error' });
  service = await compose({ databaseUrl: books.database.serviceUrls.reports, logger });
  await service.app.ready();
});
afterAll(async () => {
  await service?.app.close();
  await service?.close();
  await books?.close();
});

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await service.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
  return { status: response.statusCode, body: JSON.parse(response.body) };
}

async function explanationOf(slug: string, period: string, creator: string): Promise<Explanation> {
  const { status, body } = await get(
    `/v1/programs/${slug}/periods/${period}/creators/${encodeURIComponent(creator)}/explanation`,
  );
  expect(status, JSON.stringify(body)).toBe(200);
  return explanationSchema.parse(body);
}

/** All pages of a list, three items each. */
async function all<Item extends z.ZodType>(link: string, item: Item): Promise<z.output<Item>[]> {
  const schema = pageOf(item);
  const items: z.output<Item>[] = [];
  const url = new URL(link, 'http://test');
  url.searchParams.set('limit', '3');
  for (;;) {
    const page = schema.parse((await get(`${url.pathname}${url.search}`)).body);
    items.push(...page.items);
    if (page.nextCursor === null) {
      return items;
    }
    url.searchParams.set('cursor', page.nextCursor);
  }
}

/** Lives a history through and calls back after each close. */
async function live(slug: string, history: History, closed: (period: string) => Promise<void>): Promise<void> {
  const { ledger } = books;
  for (const { policy, validFrom } of history.policies) {
    const own = { ...policy, program: slug };
    expect(policyHash(own)).not.toBe('');
    await applyPolicy(ledger, { program: slug, policy: own, from: validFrom ?? undefined, actor: actorOf('test') });
  }
  const { programId } = await programOf(books, slug);
  for (const [index, { period, revenue }] of history.periods.entries()) {
    await importCreators(ledger, slug, history.creators(period));
    const seen = history.recorded.filter(({ seenAt }) => seenAt === index + 1).map(({ event }) => event);
    if (seen.length > 0) {
      await ingest(books.sql, programId, seen);
    }
    await bookRevenue(
      ledger,
      slug,
      { period, amount: revenue, reference: period },
      { actor: actorOf('test'), now: NOW },
    );
    await closeNow(books, slug, period);
    await closed(period);
  }
}

it('every creator of random closes gets the amount explained that the close gave, down to engagements and events', async () => {
  let explained = 0;
  await fc.assert(
    fc.asyncProperty(histories({ maxCloses: 3, maxEvents: 80 }), async (history) => {
      programs += 1;
      const slug = `explained-${programs}`;
      const currency = currencyOf(history.policies[0]?.policy.currency ?? 'IDR');
      await live(slug, history, async (period) => {
        const result = periodResultSchema.parse(JSON.parse(await resultOf(books, slug, period)));
        let excluded = 0;
        for (const row of result.creators) {
          const told = await explanationOf(slug, period, row.creatorId);
          explained += 1;
          excluded += told.events.excluded.reduce((sum, { likes, follows }) => sum + likes + follows, 0);
          expect(told.amount).toBe(row.amount);
          expect(told.points).toMatchObject({
            netLikes: row.netLikes,
            netFollows: row.netFollows,
            carriedIn: row.carriedIn,
            carriedOut: row.carriedOut,
            used: row.points,
          });
          const { share } = told;
          expect(share.weight).toBe(row.weight);
          const unit = share.getsUnit ? 1n : 0n;
          const amount = parseAmount(row.amount, currency);
          if (share.cap?.isCapped !== true) {
            expect(parseAmount(share.floor, currency) + unit).toBe(amount);
          }
          if (share.rank !== null) {
            expect(share.getsUnit).toBe(BigInt(share.rank) <= BigInt(share.unitsLeft));
          }
          expect(told.entries.find(({ role }) => role === 'close')?.entryKey).toBe(`close:${period}`);
          await follow(told);
        }
        expect(excluded).toBeLessThanOrEqual(result.excluded.reduce((sum, { events }) => sum + events, 0));
      });
    }),
    { numRuns: RUNS },
  );
  expect(explained).toBeGreaterThan(5);
}, 300_000);

/** The lists behind the numbers have as many items as the numbers say. */
async function follow(told: Explanation): Promise<void> {
  const engagements = await all(told.engagements.link, explainedEngagementOutSchema);
  const count = (outcome: string, isLike: boolean): number =>
    engagements.filter((one) => one.outcome === outcome && (one.contentId !== null) === isLike).length;
  expect({ likes: count('gained', true), follows: count('gained', false) }).toEqual(told.engagements.gained);
  expect({ likes: count('lost', true), follows: count('lost', false) }).toEqual(told.engagements.lost);
  expect({ likes: count('lost-void', true), follows: count('lost-void', false) }).toEqual(told.engagements.lostVoid);
  const events = await all(told.events.link, explainedEventOutSchema);
  const { likes, unlikes, follows, unfollows } = told.events.counted;
  expect(events.filter((event) => event.excludedBy === null)).toHaveLength(likes + unlikes + follows + unfollows);
  for (const { excludedBy, inRegister } of events) {
    if (excludedBy === null) {
      expect(inRegister).toBe(true);
    } else if (inRegister) {
      expect(['blockedViewers', 'blockedCreators']).toContain(excludedBy);
    }
  }
  for (const { rule, likes, follows } of told.events.excluded) {
    expect(events.filter((event) => event.excludedBy === rule)).toHaveLength(likes + follows);
  }
  const [engagement] = engagements.filter(({ outcome }) => outcome === 'gained');
  if (engagement !== undefined) {
    const own = await all(engagement.eventsLink, explainedEventOutSchema);
    expect(
      own.every(({ viewerId, contentId }) => viewerId === engagement.viewerId && contentId === engagement.contentId),
    ).toBe(true);
  }
}

it('refuses periods that are not closed, unknown creators, and cursors of other lists', async () => {
  const slug = `explained-${programs}`;
  const at = (period: string, creator: string, rest = '') =>
    get(`/v1/programs/${slug}/periods/${period}/creators/${creator}/explanation${rest}`);
  const [{ period = '' } = {}] = await books.sql<{ period: string }[]>`
    SELECT period FROM close JOIN program USING (program_id) WHERE slug = ${slug} LIMIT 1`;
  expect((await at('2031-01-01', 'c1')).body).toMatchObject({ code: 'not-closed' });
  expect((await at('2031-W01', 'c1')).body).toMatchObject({ code: 'bad-period' });
  expect((await at(period, 'nobody-at-all')).body).toMatchObject({ code: 'creator-unknown' });
});
