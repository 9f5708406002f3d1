/** Rows of a page; enough that the round trip does not count. */
export const PAGE_ROWS = 5_000;

/**
 * Reads a large result page by page, each page one statement that starts after the last row of the page before.
 *
 * Not by postgres.js' `.cursor()`: in 3.4.9 it ends without an error, as if all rows had come, when its backend dies between two
 * batches. Here a lost connection fails the page. What is read must not change in between (a version, an attempt that counts, a
 * snapshot).
 *
 * @param read gives up to PAGE_ROWS rows after the given one (undefined: from the start), in the order of a unique key
 */
export async function* inPages<Row>(
  read: (after: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], void, undefined> {
  let last: Row | undefined;
  for (;;) {
    const rows = await read(last);
    if (rows.length > 0) {
      yield rows;
    }
    if (rows.length < PAGE_ROWS) {
      return;
    }
    last = rows.at(-1);
  }
}
