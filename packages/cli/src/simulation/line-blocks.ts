import { type CliFailure, wrongInput } from '../failure.ts';

/** No event is longer; a longer line means that the file is something else. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * A stream in blocks of whole lines, each with its line end; the last line of the stream may lack it. Holds one chunk and one line
 * at a time.
 *
 * @throws CliFailure 2 for a line longer than 16 MB
 */
export async function* lineBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let passed = 0;
  for await (const chunk of chunks) {
    let from = 0;
    if (pendingBytes > 0) {
      from = chunk.indexOf(NEWLINE) + 1;
      if (from > 0) {
        yield Buffer.concat([...pending, chunk.subarray(0, from)]);
        pending = [];
        pendingBytes = 0;
      }
    }
    const end = from === 0 && pendingBytes > 0 ? 0 : chunk.lastIndexOf(NEWLINE) + 1;
    if (end > from) yield chunk.subarray(from, end);
    const rest = chunk.subarray(Math.max(from, end));
    if (rest.length > 0) {
      pending.push(rest);
      pendingBytes += rest.length;
    }
    passed += chunk.length;
    if (pendingBytes > MAX_LINE_BYTES) {
      const start = passed - pendingBytes;
      throw tooLong(start);
    }
  }
  if (pendingBytes > 0) yield Buffer.concat(pending);
}

/** @param start where the line begins, in bytes */
export function tooLong(start: number): CliFailure {
  return wrongInput(`The line at byte ${start} is longer than 16 MB; events come one a line (NDJSON)`);
}

/**
 * Gives all lines of a block that are not blank.
 *
 * @param take also gets the number of the line in the block, from 1
 * @returns how many lines there are, blank ones too
 */
export function eachLine(block: Buffer, take: (from: number, end: number, number: number) => void): number {
  let number = 0;
  for (let from = 0; from < block.length; ) {
    const newline = block.indexOf(NEWLINE, from);
    const end = newline < 0 ? block.length : newline;
    number += 1;
    const last = end > from && block[end - 1] === RETURN ? end - 1 : end;
    if (!isBlank(block, from, last)) take(from, last, number);
    from = end + 1;
  }
  return number;
}

function isBlank(block: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const byte = block[at];
    if (byte !== SPACE && byte !== TAB && byte !== RETURN) return false;
  }
  return true;
}
