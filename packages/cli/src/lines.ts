import { LineSplitter, LONG_LINE_HEAD_BYTES } from '@rewardbook/contracts/event-lines';

/** A line without what stands around it, and its number in the file, from 1. */
export interface Line {
  readonly bytes: Buffer;
  readonly number: number;
}

/**
 * The lines of a stream, blank ones left out. Holds one chunk and one line at a time. One that is too long comes as its beginning,
 * which is too long as well.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let lines: Line[] = [];
  const splitter = new LineSplitter({
    line: (block, from, end, number) => lines.push({ bytes: block.subarray(from, end), number }),
    longLine: (head, number) => lines.push({ bytes: head.subarray(0, LONG_LINE_HEAD_BYTES), number }),
  });
  for await (const chunk of chunks) {
    splitter.push(chunk);
    yield* lines;
    lines = [];
  }
  splitter.end();
  yield* lines;
}
