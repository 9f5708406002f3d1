import type { Input } from '../../files/input.ts';
import { type Line, readLines } from '../../files/lines.ts';
import { inputError } from '../../terminal/failure.ts';
import { seededRandom } from './random.ts';

/** In which order, and how often, a file's lines are sent. */
export interface SequenceOptions {
  /** Times that the whole file is sent. */
  readonly repeat: number;
  /** Seed of a shuffle over all the lines of all the times; undefined: as in the file. */
  readonly shuffle: string | undefined;
}

/**
 * The lines of a file in the order in which they are sent. Without a shuffle a file is read while it is sent, in constant
 * memory; with one, or to send stdin more than once, its bytes are kept in memory.
 */
export async function* sequence(input: Input, { repeat, shuffle }: SequenceOptions): AsyncGenerator<Line> {
  const isHeld = shuffle !== undefined || (input.size === undefined && repeat > 1);
  if (!isHeld) {
    for (let time = 0; time < repeat; time += 1) {
      yield* readLines(input.chunks());
    }
    return;
  }
  const held = await hold(input);
  const order = new Uint32Array(held.count * repeat).map((_, place) => place % held.count);
  if (shuffle !== undefined) {
    shuffleInPlace(order, seededRandom(shuffle));
  }
  for (const index of order) {
    yield held.lineAt(index);
  }
}

interface HeldLines {
  readonly count: number;
  lineAt(index: number): Line;
}

/** All lines as one buffer with an index: a fraction of what an object a line would take. */
async function hold(input: Input): Promise<HeldLines> {
  const pieces: Uint8Array[] = [];
  const ends: number[] = [];
  const numbers: number[] = [];
  let size = 0;
  for await (const { bytes, number } of readLines(input.chunks())) {
    // A line is a view of a chunk: the chunks together are what is held.
    pieces.push(bytes);
    size += bytes.length;
    ends.push(size);
    numbers.push(number);
  }
  let all: Buffer;
  try {
    all = Buffer.concat(pieces, size);
  } catch (error) {
    throw inputError(`${input.name} is too large to be shuffled in memory (${size} bytes); split it`, error);
  }
  pieces.length = 0;
  return {
    count: ends.length,
    lineAt: (index) => ({
      bytes: all.subarray(index === 0 ? 0 : ends[index - 1], ends[index]),
      number: numbers[index] ?? 0,
    }),
  };
}

/** Fisher and Yates, as Knuth gives it (The Art of Computer Programming, vol. 2, algorithm P). */
function shuffleInPlace(order: Uint32Array, random: (bound: number) => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
}
