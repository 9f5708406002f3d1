const NEEDS_QUOTES = /[",\r\n]/;
// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included.
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NEGATIVE_DECIMAL = /^-\d+(\.\d+)?$/;

/** A line of CSV with its line feed. Text that a spreadsheet would run gets a `'` in front, as in the reports; null is empty. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => csvCell(cell === null ? '' : String(cell))).join(',')}\n`;
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NEGATIVE_DECIMAL.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
