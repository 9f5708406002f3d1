import { stringify } from 'csv-stringify/sync';

/** A cell: text, a count, whole units, or nothing. */
export type CsvCell = string | number | bigint | null;

// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included.
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NEGATIVE_DECIMAL = /^-\d+(\.\d+)?$/;

/**
 * Lines of CSV, one a row, each with its line feed: what all CSV that is written goes through.
 *
 * @param guard what is done to text before it is quoted: `withoutFormula` for what people open, `asWritten` for what is read back
 */
export function csvLines(
  rows: readonly (readonly CsvCell[])[],
  guard: (text: string) => string = withoutFormula,
): string {
  return stringify([...rows], { cast: { string: guard } });
}

/**
 * Text that no spreadsheet runs as a formula: such text gets a `'` in front. A negative amount stays a number, which csv-stringify's own
 * `escape_formulas` would not let it.
 */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NEGATIVE_DECIMAL.test(text) ? `'${text}` : text;
}

/** Text unchanged, for programs. */
export function asWritten(text: string): string {
  return text;
}
