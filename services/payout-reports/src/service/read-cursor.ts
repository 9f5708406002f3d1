import { databaseAddress } from '@rewardbook/db/database-address';
import { isTransient } from '@rewardbook/db/errors';
import { sessionOptions } from '@rewardbook/db/session';
import { AppError } from '@rewardbook/runtime/http/errors';
import pg from 'pg';

/** Where and how long reports may read. */
export interface ReportSource {
  readonly databaseUrl: string;
  /** Longest time, in milliseconds, that the server works on one batch. */
  readonly statementTimeoutMs: number;
  /** Longest time, in milliseconds, that a reader lets the server wait for the next batch. */
  readonly idleTimeoutMs: number;
  /** Aborted when the rows are no longer needed: ends what runs in the database, too. */
  readonly signal?: AbortSignal;
}

/** SQL with `$1`, `$2`, … and their values. */
export interface Query {
  readonly text: string;
  readonly values: readonly (string | number | boolean | null)[];
  /**
   * For joins of all creators: the planner has no statistics of rows that were just written, takes 100,000 for a few,
   * and would join them by nested loops.
   */
  readonly isOfMany?: boolean;
}

const ROWS_PER_BATCH = 1000;

/**
 * Rows of a query by a cursor on the server, a batch at a time, over its own connection: memory stays flat here, and a
 * slow reader slows the query down. All rows are of one moment. `bigint` and `numeric` come as text.
 *
 * Not over postgres.js (3.4.9): when its connection dies between two batches, its cursor ends as if all rows had come
 * (2,000 of 50,000 in a test), a reserved connection throws where it cannot be caught, and a query that fails after
 * some rows leaves as many empty rows in the connection's next result.
 */
export async function* inBatches<Row extends pg.QueryResultRow>(
  source: ReportSource,
  query: Query,
): AsyncGenerator<Row[], void, undefined> {
  const { url, ssl } = databaseAddress(source.databaseUrl);
  const client = new pg.Client({
    connectionString: url,
    ssl,
    application_name: 'rewardbook-report',
    options: sessionOptions(),
    statement_timeout: source.statementTimeoutMs,
    idle_in_transaction_session_timeout: source.idleTimeoutMs,
    connectionTimeoutMillis: 10_000,
  });
  // If the connection is lost between two queries, the next one fails.
  client.on('error', () => {});
  // While a query runs, pg closes the socket; the server checks for that, and ends the query.
  const stop = (): void => void client.end();
  source.signal?.addEventListener('abort', stop, { once: true });
  try {
    source.signal?.throwIfAborted();
    await client.connect();
    const values = [...query.values];
    await client.query('BEGIN READ ONLY');
    if (query.isOfMany === true) {
      await client.query('SET LOCAL enable_nestloop = off');
    }
    await client.query({ text: `DECLARE report NO SCROLL CURSOR FOR ${query.text}`, values });
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${ROWS_PER_BATCH} FROM report`);
      if (rows.length > 0) {
        yield rows;
      }
      if (rows.length < ROWS_PER_BATCH) {
        return;
      }
    }
  } catch (error) {
    throw isUnavailable(error)
      ? new AppError('database-unavailable', 'The database did not answer in time; try again', { cause: error })
      : error;
  } finally {
    source.signal?.removeEventListener('abort', stop);
    // The cursor and the transaction, which wrote nothing, end with the connection.
    await client.end();
  }
}

const QUERY_CANCELED = '57014'; // statement_timeout

/**
 * Whether the database failed, not the query; an error without an SQLSTATE is the client's: no connection, or a lost
 * one.
 */
function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    return isTransient(error) || error.code === QUERY_CANCELED;
  }
  return error instanceof Error && !(error instanceof TypeError);
}
