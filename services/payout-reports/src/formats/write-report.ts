import { csvLines } from '@rewardbook/contracts/files/csv-lines';

/** A cell: text, a count, or nothing. */
type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

/** A report as CSV, piece by piece: a header, and a line for each row. */
export async function* writeCsv(
  columns: readonly string[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  yield csvLines([columns]);
  for await (const rows of batches) {
    yield csvLines(rows.map((row) => columns.map((column) => row[column] ?? null)));
  }
}

/** A report as one JSON object, piece by piece: the members of `head`, then `rows`. */
export async function* writeJson(
  head: Readonly<Record<string, Cell>>,
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  let separator = '\n';
  for await (const rows of batches) {
    if (rows.length === 0) {
      continue;
    }
    yield separator + rows.map((row) => JSON.stringify(row)).join(',\n');
    separator = ',\n';
  }
  yield '\n]}\n';
}

/**
 * Takes the first batch now, while an error can still become a proper answer; the iterable still gives all batches,
 * from the first.
 */
export async function begun<Batch>(batches: AsyncIterable<Batch>): Promise<AsyncGenerator<Batch, void, undefined>> {
  const iterator = batches[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let step = first; step.done !== true; step = await iterator.next()) {
        yield step.value;
      }
    } finally {
      await iterator.return?.();
    }
  })();
}
