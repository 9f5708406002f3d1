import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { storeApiKey } from '@rewardbook/db/api-keys';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { validVersion } from '@rewardbook/domain/policy/policy-version';
import { answerQuestion } from '@rewardbook/lab/answer/answer-question';
import { prepareQuestion } from '@rewardbook/lab/prepare/prepare';
import type { SimulateQuestion } from '@rewardbook/lab/question/question';
import { RecordingError, RecordingReader } from '@rewardbook/lab/recording/read-recording';
import { importCreators } from '@rewardbook/ledger/creators/import-creators';
import { applyPolicy } from '@rewardbook/ledger/programs/apply-policy';
import { bookRevenue } from '@rewardbook/ledger/revenue/book-revenue';
import { type Books, closeNow, ingest, openBooks, programOf, resultOf } from '@rewardbook/ledger/test-support/books';
import { compose } from '@rewardbook/payout-reports/compose';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { histories } from '../reference/histories.ts';
import type { History } from '../reference/history.ts';
import { askLab } from '../support/ask-lab.ts';
import { actorOf } from '../support/people.ts';

const RUNS = Number(process.env.HISTORIES ?? 8);
/** So few need not have a late event in them; with this seed they do. More of them are drawn anew each time. */
const SEED = process.env.HISTORIES === undefined ? { seed: 3 } : {};
/** Lines are cut in the middle. */
const PIECE_BYTES = 777;
const NOW = Date.parse('2026-11-20T00:00:00Z');
const { key, hash } = createKey();
const headers = { authorization: `Bearer ${key}` };

let books: Books;
let service: Composed;
let programs = 0;

beforeAll(async () => {
  books = await openBooks();
  await storeApiKey(books.owner, { name: 'reader', keyHash: hash, scopes: ['read'] });
  service = await compose({
    databaseUrl: books.database.serviceUrl,
    logger: createLogger({ name: 'test', level: 'error' }),
  });
  await service.app.ready();
});
afterAll(async () => {
  await service?.app.close();
  await Promise.all(service?.workers.map((worker) => worker.close()) ?? []);
  await service?.close();
  await books?.close();
});

/** The answer to a question of the lab, as text: a line that ends in `]}` after its periods. */
const answerTo = (question: object): Promise<string> => askLab(service, headers, question);

/** What a lab of one's own comes to, from the recording that it reads, in pieces as they may come. */
async function ownAnswer(slug: string, question: Omit<SimulateQuestion, 'question' | 'creators'>, upTo?: string) {
  const query = upTo === undefined ? '' : `?period=${upTo}`;
  const sent = await service.app.inject({ url: `/v1/programs/${slug}/lab/recording${query}`, headers });
  expect(sent.statusCode, sent.body).toBe(200);
  const reader = new RecordingReader();
  for (let from = 0; from < sent.rawPayload.length; from += PIECE_BYTES) {
    reader.push(sent.rawPayload.subarray(from, from + PIECE_BYTES));
  }
  const recording = reader.end();
  const { policy, revenue } = question;
  const periods = revenue.map(({ period }) => period);
  const asked = { ...question, question: 'simulate', creators: recording.creatorsOf(periods.at(-1) ?? '') } as const;
  let text = '';
  for await (const piece of answerQuestion(prepareQuestion(asked, MAX_QUESTION), {
    readEvents: async () => recording.events,
    books: recording.booksFor({ ...policy, firstPeriod: periods[0] }),
    onProgress: () => undefined,
  })) {
    text += piece;
  }
  return text;
}

/** The program's policy for a period, as a question has it. */
function policyFor({ policies }: History, slug: string, period: string): Policy {
  const versions = policies.map((version, index) => ({ ...version, version: index + 1 }));
  return { ...validVersion(versions, period).policy, program: slug };
}

const asInput = (creators: readonly RegisteredCreator[]) =>
  creators.map(({ taxCountry: _tax, payee: _payee, account: _account, ...creator }) => creator);

/** Lives a history through: what is recorded arrives between the closes, what no close sees in the end. */
async function live(slug: string, history: History): Promise<Map<string, string>> {
  const { ledger, sql } = books;
  for (const { policy, validFrom } of history.policies) {
    await applyPolicy(ledger, {
      program: slug,
      policy: { ...policy, program: slug },
      from: validFrom ?? undefined,
      actor: actorOf('test'),
    });
  }
  const { programId } = await programOf(books, slug);
  const results = new Map<string, string>();
  for (const [index, { period, revenue }] of history.periods.entries()) {
    await importCreators(ledger, slug, history.creators(period));
    await record(index + 1);
    await bookRevenue(
      ledger,
      slug,
      { period, amount: revenue, reference: period },
      { actor: actorOf('test'), now: NOW },
    );
    await closeNow(books, slug, period);
    results.set(period, await resultOf(books, slug, period));
  }
  await record(history.periods.length + 1);
  return results;

  async function record(close: number): Promise<void> {
    const seen = history.recorded.filter(({ seenAt }) => seenAt === close).map(({ event }) => event);
    if (seen.length > 0) {
      await ingest(sql, programId, seen);
    }
  }
}

it('what the lab shows for a closed period, with what its close used, is what the close posted, to the byte', async () => {
  let late = 0;
  await fc.assert(
    fc.asyncProperty(histories({ maxCloses: 4, maxEvents: 80 }), async (history) => {
      programs += 1;
      const slug = `shown-${programs}`;
      const results = await live(slug, history);
      for (const { period, revenue } of history.periods) {
        const result = results.get(period) ?? '';
        if (result.includes('"tooLate"')) {
          late += 1;
        }
        const policy = policyFor(history, slug, period);
        const creators = asInput(history.creators(period));
        const question = { question: 'simulate', policy, creators, revenue: { [period]: revenue } };
        for (const events of [{ program: slug }, { program: slug, period }]) {
          const shown = await answerTo({ ...question, events });
          expect(shown.slice(shown.indexOf('[') + 1, -3)).toBe(result);
        }
        for (const upTo of [undefined, period]) {
          const own = await ownAnswer(slug, { policy, revenue: [{ period, amount: revenue }] }, upTo);
          expect(own.slice(own.indexOf('[') + 1, -3)).toBe(result);
        }
      }
      // From the first period that has the policy and creators of the last one on.
      const labels = history.periods.map(({ period }) => period);
      const last = labels.at(-1) ?? '';
      const differs = (period: string) =>
        history.creators(period) !== history.creators(last) ||
        JSON.stringify(policyFor(history, slug, period)) !== JSON.stringify(policyFor(history, slug, last));
      const asked = history.periods.slice(labels.findLastIndex(differs) + 1);
      const shown = await answerTo({
        question: 'simulate',
        events: { program: slug },
        policy: policyFor(history, slug, last),
        creators: asInput(history.creators(last)),
        revenue: Object.fromEntries(asked.map(({ period, revenue }) => [period, revenue])),
      });
      expect(shown.slice(shown.indexOf('[') + 1, -3)).toBe(asked.map(({ period }) => results.get(period)).join(','));
    }),
    { numRuns: RUNS, ...SEED },
  );
  expect(late).toBeGreaterThan(0);
}, 300_000);

it('a recording that breaks off, or lacks a line, is refused', async () => {
  const [slug] = await books.sql<{ slug: string }[]>`SELECT slug FROM program ORDER BY slug LIMIT 1`;
  const { body } = await service.app.inject({ url: `/v1/programs/${slug?.slug}/lab/recording`, headers });
  const lines = body.trim().split('\n');
  const read = (given: readonly string[]) => () => {
    const reader = new RecordingReader();
    reader.push(new TextEncoder().encode(given.join('\n')));
    return reader.end();
  };
  expect(read(lines)().events.size).toBe(read(lines)().head.events);
  expect(read(lines.slice(0, -1))).toThrow(RecordingError);
  expect(read([...lines.slice(0, -2), ...lines.slice(-1)])).toThrow(RecordingError);
  expect(read([])).toThrow(RecordingError);
});
