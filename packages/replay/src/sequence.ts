import { joinBytes } from '@rewardbook/contracts/values/utf8';
import type { Line } from './lines.ts';
import { seededRandom } from './random.ts';
import { ReplayError } from './replay-error.ts';

/** A file of events. */
export interface LineSource {
  /** As it is called in messages. */
  readonly name: string;
  /** Whether it can be read only once, as a pipe. */
  readonly isOnce: boolean;
  /** Its lines; each call reads it from its start. */
  lines(): AsyncIterable<Line>;
}

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
export async function* sequence(input: LineSource, { repeat, shuffle }: SequenceOptions): AsyncGenerator<Line> {
  const isHeld = shuffle !== undefined || (input.isOnce && repeat > 1);
  if (!isHeld) {
    for (let time = 0; time < repeat; time += 1) {
      yield* input.lines();
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
async function hold(input: LineSource): Promise<HeldLines> {
  const pieces: Uint8Array[] = [];
  const ends: number[] = [];
  const numbers: number[] = [];
  const drawnBy: number[] = [];
  let size = 0;
  for await (const line of input.lines()) {
    // A line is a view of a chunk: the chunks together are what is held.
    pieces.push(line.bytes);
    size += line.bytes.length;
    ends.push(size);
    numbers.push(line.number);
    drawnBy.push(line.drawnBy ?? line.number);
  }
  let all: Uint8Array;
  try {
    all = joinBytes(pieces);
  } catch (error) {
    const message = `${input.name} is too large to be shuffled in memory (${size} bytes); split it`;
    throw new ReplayError('input', message, { cause: error });
  }
  pieces.length = 0;
  return {
    count: ends.length,
    lineAt: (index) => ({
      bytes: all.subarray(index === 0 ? 0 : ends[index - 1], ends[index]),
      number: numbers[index] ?? 0,
      drawnBy: drawnBy[index] ?? 0,
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
