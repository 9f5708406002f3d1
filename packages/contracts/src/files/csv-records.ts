import type { Issue } from '../values/issue.ts';
import { NotUtf8Error, utf8Pieces } from '../values/utf8.ts';
import { CsvCutter, type CsvRecord, NotCsvError } from './csv-cutter.ts';

/**
 * The records of a CSV in UTF-8, its cells separated by commas, with the line on which each starts; empty lines are left out.
 *
 * @throws NotCsvError, NotUtf8Error
 */
export async function* csvRecords(input: string | AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const cutter = new CsvCutter(',');
  const pieces = typeof input === 'string' ? [input.replace(/^\ufeff/, '')] : utf8Pieces(input);
  for await (const piece of pieces) {
    yield* cutter.push(piece);
  }
  yield* cutter.end();
}

/** What `csvRecords` threw, as an issue; anything else is thrown on. */
export function csvIssue(error: unknown): Issue {
  if (error instanceof NotUtf8Error) {
    return { path: '', message: 'is not UTF-8; save the file as UTF-8', line: error.line };
  }
  if (error instanceof NotCsvError) {
    return { path: '', message: error.reason, line: error.line };
  }
  throw error;
}
