import { eachLine, lineBlocks } from './simulation/line-blocks.ts';

/** A line without its line end, and its number in the file, from 1. */
export interface Line {
  readonly bytes: Buffer;
  readonly number: number;
}

/**
 * The lines of a stream, blank ones left out. Holds one chunk and one line at a time.
 *
 * @throws CliFailure 2 for a line longer than 16 MB
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let before = 0;
  for await (const block of lineBlocks(chunks)) {
    const lines: Line[] = [];
    before += eachLine(block, (from, end, number) =>
      lines.push({ bytes: block.subarray(from, end), number: before + number }),
    );
    yield* lines;
  }
}
