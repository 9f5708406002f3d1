import type { Sql } from '@rewardbook/db/client';

const ROWS_PER_BATCH = 1000;

/** What of a postgres.js query is used here. */
interface Streamable<Row> {
  cursor(rows: number, callback: (rows: Row[]) => void): Promise<unknown>;
}

/**
 * Rows of a query by a server-side cursor, a batch at a time: memory stays flat, and a slow reader slows the query down. One
 * statement, so one snapshot. Leaving the loop early closes the cursor.
 *
 * Not the cursor's own iterator: when the connection dies between two batches, that one (postgres.js 3.4.9) ends as if all
 * rows had come. The promise that the callback form returns is rejected then.
 */
export async function* inBatches<Row>(sql: Sql, query: Streamable<Row>): AsyncGenerator<Row[], void, undefined> {
  let deliver: (rows: Row[]) => void = () => {};
  let next: (answer: unknown) => void = () => {};
  let batch = new Promise<Row[]>((resolve) => {
    deliver = resolve;
  });
  const end = query
    .cursor(ROWS_PER_BATCH, (rows) => {
      deliver(rows);
      return new Promise((resolve) => {
        next = resolve;
      });
    })
    .then(() => undefined);
  // Whoever waits for the next batch hears of an error; here it only must not count as unhandled.
  end.catch(() => {});
  try {
    for (;;) {
      const rows = await Promise.race([batch, end]);
      if (rows === undefined) return;
      yield rows;
      batch = new Promise<Row[]>((resolve) => {
        deliver = resolve;
      });
      next(undefined);
    }
  } finally {
    next(sql.CLOSE);
  }
}
