import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { databaseAddress } from './database-address.ts';
import { SESSION } from './session.ts';

export type Sql = postgres.Sql<{ bigint: bigint }>;

export interface ConnectOptions {
  /** Most connections of this pool. */
  readonly max?: number;
  /** Statements that run longer are cancelled by the server, in milliseconds. */
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
  /**
   * Never replaced for its age, which postgres.js does after 30 to 60 minutes: for a pool of one whose connection holds a lock, a
   * transaction or temporary tables from one statement to the next.
   */
  readonly lasting?: boolean;
}

/**
 * Opens a pool on Rewardbook's schema. Connections are made on first use.
 *
 * `bigint` columns come as bigint, `numeric` as string. Never call `sql.begin`: when a backend dies inside it,
 * postgres.js 3.4.9 runs the rest of the callback on a new connection, where it commits by itself. Atomic work is one
 * function call.
 */
export function connect(address: string, options: ConnectOptions = {}): Sql {
  const { url, ssl } = databaseAddress(address);
  return postgres(url, {
    ssl,
    max: options.max ?? 10,
    connect_timeout: 10,
    backoff: (attempt) => Math.min(2 ** attempt / 100, 1), // seconds; the default waits for up to 20
    onnotice: () => {},
    ...(options.lasting === true ? { max_lifetime: null } : {}),
    types: { bigint: postgres.BigInt },
    connection: {
      ...SESSION,
      application_name: options.applicationName ?? 'rewardbook',
      statement_timeout: options.statementTimeoutMs ?? 60_000,
    },
  });
}

/** Drizzle over a pool, for queries that are composed. */
export function query(sql: Sql) {
  return drizzle(sql);
}
