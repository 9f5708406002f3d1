import { wrongInput } from './failure.ts';

/** A line without its line end, and its number in the file, from 1. */
export interface Line {
  readonly bytes: Buffer;
  readonly number: number;
}

/** No event is longer; a longer line means that the file is something else. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BLANK = new Set([0x20, 0x09, RETURN]);

/**
 * The lines of a stream, blank ones left out. Holds one chunk and one line at a time.
 *
 * @throws CliFailure 2 for a line longer than 16 MB
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      number += 1;
      const piece = chunk.subarray(start, end);
      start = end + 1;
      const bytes = pendingBytes === 0 ? piece : Buffer.concat([...pending, piece]);
      pending = [];
      pendingBytes = 0;
      if (!isBlank(bytes)) yield { bytes, number };
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      if (pendingBytes > MAX_LINE_BYTES) {
        throw wrongInput(`Line ${number + 1} is longer than 16 MB; events come one a line (NDJSON)`);
      }
    }
  }
  const bytes = Buffer.concat(pending);
  if (!isBlank(bytes)) yield { bytes, number: number + 1 };
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (!BLANK.has(byte)) return false;
  }
  return true;
}
