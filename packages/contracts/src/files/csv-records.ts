import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import type { Issue } from '../values/issue.ts';
import { NotUtf8Error, utf8Pieces } from '../values/utf8.ts';

const MAX_RECORD_BYTES = 1_000_000;

/**
 * The records of a CSV in UTF-8, with the line on which each starts; empty lines are left out.
 *
 * @throws CsvError where it is not CSV, NotUtf8Error where it is not UTF-8
 */
export async function* csvRecords(
  input: string | AsyncIterable<Uint8Array>,
): AsyncGenerator<{ fields: string[]; line: number }> {
  const text = typeof input === 'string' ? [input.replace(/^\ufeff/, '')] : utf8Pieces(input);
  const parser = Readable.from(text).compose(
    parse({
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: MAX_RECORD_BYTES,
    }),
  );
  // csv-parse counts lines up to the end of a record, and a CRLF inside quotes as two.
  let countedTwice = 0;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    const text = record.join('');
    const inside = text.match(/\r\n|\n|\r/g)?.length ?? 0;
    countedTwice += text.match(/\r\n/g)?.length ?? 0;
    yield { fields: record, line: info.lines - countedTwice - inside };
  }
}

/** What `csvRecords` threw, as an issue; anything else is thrown on. */
export function csvIssue(error: unknown): Issue {
  if (error instanceof NotUtf8Error) {
    return { path: '', message: 'is not UTF-8; save the file as UTF-8', line: error.line };
  }
  if (!(error instanceof CsvError)) {
    throw error;
  }
  const { message, lines } = error;
  return { path: '', message, ...(typeof lines === 'number' ? { line: lines } : {}) };
}
