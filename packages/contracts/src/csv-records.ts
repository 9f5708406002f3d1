import { Readable } from 'node:stream';
import { type Info, parse } from 'csv-parse';

const MAX_RECORD_BYTES = 1_000_000;

/**
 * The records of a CSV in UTF-8, with the line on which each starts; empty lines are left out.
 *
 * @throws CsvError where it is not CSV
 */
export async function* csvRecords(
  input: string | AsyncIterable<Uint8Array | string>,
): AsyncGenerator<{ fields: string[]; line: number }> {
  const parser = Readable.from(typeof input === 'string' ? [input] : input).compose(
    parse({
      bom: true,
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
