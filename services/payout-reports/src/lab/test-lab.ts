import { readFileSync } from 'node:fs';
import type { LabJob } from '@rewardbook/contracts/api/lab';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { compose } from '../compose.ts';
import { openTestBooks, type TestBooks } from '../service/test-books.ts';
import type { LabLimits } from './limits.ts';

export const POLICY = { program: 'demo', name: 'Demo', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' };
export const REVENUE = { '2026-10': '1000.00' };
export const like = (id: string, viewerId: string, creatorId: string, day = '02') =>
  JSON.stringify({ id, type: 'like', viewerId, creatorId, contentId: 'k', occurredAt: `2026-10-${day}T12:00:00Z` });
export const EVENTS = [
  like('1', 'v1', 'ann'),
  like('2', 'v2', 'ann'),
  like('3', 'v1', 'bob'),
  'no event',
  like('3', 'v1', 'bob'),
];
export const SCENARIO = readFileSync(
  new URL('../../../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url),
  'utf8',
);
/** Events of a question that takes seconds. */
export const LONG = { scenario: SCENARIO, events: 400_000 };

/** The service with its lab on a database of its own, and a key that may ask. */
export class TestLab {
  readonly database: TestDatabase;
  readonly books: TestBooks;
  readonly headers: { readonly authorization: string };
  readonly service: Composed;

  static async open(): Promise<TestLab> {
    const database = await createTestDatabase();
    const books = await openTestBooks(database.ownerUrl, 'demo');
    return new TestLab(database, books, await books.key(['read']), await openService(database));
  }

  private constructor(
    database: TestDatabase,
    books: TestBooks,
    headers: { readonly authorization: string },
    service: Composed,
  ) {
    this.database = database;
    this.books = books;
    this.headers = headers;
    this.service = service;
  }

  /** A further service with other limits. */
  another(limits: Partial<LabLimits> = {}): Promise<Composed> {
    return openService(this.database, limits);
  }

  async upload(lines: readonly string[], { app } = this.service): Promise<string> {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/lab/events',
      headers: { ...this.headers, 'content-type': 'application/x-ndjson' },
      payload: lines.join('\n'),
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json().upload;
  }

  ask(question: object, wait = 20, { app } = this.service) {
    const { headers } = this;
    return app.inject({ method: 'POST', url: `/v1/lab/questions?wait=${wait}`, headers, payload: question });
  }

  get(path: string) {
    return this.service.app.inject({ url: `/v1/lab/${path}`, headers: this.headers });
  }

  async answerTo(question: object): Promise<{ job: LabJob; answer: unknown }> {
    const asked = await this.ask(question);
    expect(asked.statusCode, asked.body).toBe(200);
    const job: LabJob = asked.json();
    expect(job).toMatchObject({ state: 'done', failure: null });
    const answer = await this.get(`jobs/${job.job}/answer`);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(Buffer.byteLength(answer.body)).toBe(job.answerBytes);
    return { job, answer: answer.json() };
  }

  async close(): Promise<void> {
    await closeService(this.service);
    await this.books.end();
    await this.database.drop();
  }
}

async function openService(database: TestDatabase, more: Partial<LabLimits> = {}): Promise<Composed> {
  const made = await compose({
    databaseUrl: database.serviceUrls.reports,
    logger: createLogger({ name: 'test', level: 'silent' }),
    labLimits: { uploadBytes: 150_000, uploadsBytes: 200_000, events: 500_000, waiting: 1, gridSize: 10, ...more },
  });
  await made.app.ready();
  return made;
}

export async function closeService({ app, workers, close }: Composed): Promise<void> {
  await app.close();
  await Promise.all(workers.map((worker) => worker.close()));
  await close();
}
