import { storeApiKey } from '@rewardbook/db/api-keys';
import { openQueues, type Queues } from '@rewardbook/queue/queues';
import { createKey, type Scope } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { compose, type LedgerDeps } from '../compose.ts';
import { type Books, openBooks } from './books.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is asked of it is said by the test
  json(): any;
}

/** The ledger as a service over HTTP, with queues on Postgres, on books of its own. */
export interface TestService {
  readonly books: Books;
  readonly queues: Queues;
  readonly composed: Composed;
  /** A key that the owner's connection made: a separate person. */
  rootKey(name: string, scopes: readonly Scope[]): Promise<string>;
  /** @param body an object goes as JSON, a text as `headers` say */
  call(key: string, method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Ends the service and its books. */
  close(): Promise<void>;
}

export async function openService(options: Pick<LedgerDeps, 'now' | 'sweepEveryMs'> = {}): Promise<TestService> {
  const books = await openBooks();
  const databaseUrl = books.database.serviceUrls.ledger;
  const logger = createLogger({ name: 'ledger', level: 'silent' });
  const queues = await openQueues({ postgresUrl: databaseUrl }, logger);
  const composed = await compose({ ...options, databaseUrl, queues, logger });
  await composed.app.ready();
  return {
    books,
    queues,
    composed,
    async rootKey(name, scopes) {
      const { key, hash } = createKey();
      await storeApiKey(books.owner, { name, keyHash: hash, scopes });
      return key;
    },
    async call(key, method, url, body, headers = {}) {
      const response = await composed.app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${key}`, ...headers },
        ...(body === undefined ? {} : { payload: body as object | string }),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        text: response.body,
        json: () => JSON.parse(response.body),
      };
    },
    async close() {
      await composed.app.close();
      await Promise.all(composed.workers.map((worker) => worker.close()));
      await composed.close();
      await queues.close();
      await books.close();
    },
  };
}
