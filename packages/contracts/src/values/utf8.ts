const MARK = [0xef, 0xbb, 0xbf];
const LINE_FEED = 0x0a;
const CONTINUATION = 0x80;

// Nothing is replaced, and a byte order mark in the middle is a character as any other.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Length of a byte order mark, in bytes. */
export const MARK_BYTES = MARK.length;

/** Whether there is a byte order mark here. */
export function hasMark(bytes: Uint8Array, from = 0): boolean {
  return bytes[from] === MARK[0] && bytes[from + 1] === MARK[1] && bytes[from + 2] === MARK[2];
}

/** A file or a body that is not text in UTF-8. */
export class NotUtf8Error extends Error {
  override readonly name = 'NotUtf8Error';
  /** The first line that is not, from 1. */
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is not UTF-8; save it as UTF-8`);
    this.line = line;
  }
}

/** A whole file or body without a byte order mark at its start. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return hasMark(bytes) ? bytes.subarray(MARK_BYTES) : bytes;
}

/** Bytes as text; nothing is replaced. @throws NotUtf8Error */
export function utf8Text(bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (text === undefined) {
    throw new NotUtf8Error(firstFaultyLine(bytes));
  }
  return text;
}

/** Pieces as one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** A file or body that comes in chunks as text, in pieces of whole characters, without a byte order mark. @throws NotUtf8Error */
export async function* utf8Pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = new Uint8Array(); // the beginning of a character
  let isStart = true;
  let linesBefore = 0;
  for await (const chunk of chunks) {
    const bytes = joinBytes([rest, chunk]);
    const end = wholeCharacters(bytes);
    rest = bytes.slice(end);
    const whole = bytes.subarray(0, end);
    const text = decoded(isStart ? withoutMark(whole) : whole);
    if (text === undefined) {
      throw new NotUtf8Error(linesBefore + firstFaultyLine(whole));
    }
    if (whole.length === 0) {
      continue;
    }
    linesBefore += countLineFeeds(whole);
    yield text;
    isStart = false;
  }
  if (rest.length > 0) {
    throw new NotUtf8Error(linesBefore + 1);
  }
}

/** Where the last whole character ends; the whole length if the bytes do not end in a cut character. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === CONTINUATION) {
      continue;
    }
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined; // what decoders throw where bytes are not UTF-8
    }
    throw error;
  }
}

function firstFaultyLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; ; line += 1) {
    const end = bytes.indexOf(LINE_FEED, from);
    if (end < 0 || decoded(bytes.subarray(from, end)) === undefined) {
      return line;
    }
    from = end + 1;
  }
}

function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    count += 1;
  }
  return count;
}
