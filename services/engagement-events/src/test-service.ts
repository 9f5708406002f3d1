import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import { createKey, type Scope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { pino } from 'pino';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { testPolicy } from '../../../test/support/test-policy.ts';
import { applyTestPolicy } from '../../../test/support/test-program.ts';
import { compose, type EventsDeps } from './compose.ts';

export const PROGRAM = 'test-program';

/** The service on its own database, with one program. */
export interface TestService {
  readonly app: App;
  readonly owner: Sql;
  readonly ownerUrl: string;
  /** Batch ids of the tally jobs so far. */
  readonly announced: string[];
  /** Headers with a new key. */
  keyWith(...scopes: Scope[]): Promise<{ authorization: string }>;
  /** Posts as JSON, or the body unchanged if there is a Content-Type. */
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export async function startTestService(deps: Partial<EventsDeps> = {}): Promise<TestService> {
  const database = await createTestDatabase();
  const owner = connect(database.ownerUrl, { max: 2 });
  await applyTestPolicy(owner, testPolicy({ program: PROGRAM }));
  const announced: string[] = [];
  const service = await compose({
    databaseUrl: database.serviceUrls.events,
    queues: {
      enqueue: async (_name, ...jobs) => {
        for (const job of jobs) {
          if ('batchIds' in job) {
            announced.push(...job.batchIds);
          }
        }
      },
    },
    logger: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    ...deps,
    // Other tests keep the machine busy, too.
    limits: { loopDelayMs: 60_000, ...deps.limits },
  });
  await service.app.ready();
  const keyWith = async (...scopes: Scope[]) => {
    const { key, hash } = createKey();
    await storeApiKey(owner, { name: scopes.join(' '), keyHash: hash, scopes });
    return { authorization: `Bearer ${key}` };
  };
  const writer = await keyWith('events:write');
  const reader = await keyWith('read');
  const url = `/v1/programs/${PROGRAM}`;
  let stopped: Promise<void> | undefined;
  return {
    app: service.app,
    owner,
    ownerUrl: database.ownerUrl,
    announced,
    keyWith,
    async post(body, headers = {}) {
      const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const answer = await service.app.inject({
        method: 'POST',
        url: `${url}/events`,
        headers: { 'content-type': 'application/json', ...writer, ...headers },
        payload,
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
    },
    async get(path) {
      const answer = await service.app.inject({ url: `${url}${path}`, headers: reader });
      return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
    },
    stop() {
      stopped ??= (async () => {
        await owner.end({ timeout: 1 }); // locks that a failed test left go with it
        await service.app.close();
        await service.close();
        await database.drop();
      })();
      return stopped;
    },
  };
}

/** An event to send, different for each `id`. */
export function like(id: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    source: 'app',
    type: 'like',
    viewerId: 'v1',
    creatorId: 'c1',
    contentId: 'k1',
    occurredAt: '2026-10-03T14:00:00Z',
    ...changes,
  };
}

export function ndjson(values: readonly unknown[]): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
}
