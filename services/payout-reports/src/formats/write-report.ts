import { stringify } from 'csv-stringify/sync';

/** A cell: text, a count, or nothing. */
type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included.
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NEGATIVE_DECIMAL = /^-\d+(\.\d+)?$/;

/**
 * A report as CSV, piece by piece: a header, and a line for each row. A cell that a spreadsheet would run as a formula gets a
 * `'` in front; a negative amount stays a number, which csv-stringify's own `escape_formulas` would not let it.
 */
export async function* writeCsv(
  columns: readonly string[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  yield stringify([[...columns]]);
  for await (const rows of batches) {
    yield stringify(
      rows.map((row) => columns.map((column) => row[column])),
      { cast: { string: withoutFormula } },
    );
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

/** A cell that no spreadsheet runs as a formula. */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NEGATIVE_DECIMAL.test(text) ? `'${text}` : text;
}
