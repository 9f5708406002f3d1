import type { Line } from './lines.ts';
import { instantOf } from './pace.ts';
import { seededDraw } from './random.ts';

/** Which lines are left out and which come late. Drawn for a line of the file, whatever the order and however often it is sent. */
export interface Withheld {
  readonly seed: string;
  /** Chance of a line to be left out, from 0 to 1. */
  readonly drop: number;
  /** Chance of a line that is not left out to be held back, from 0 to 1. */
  readonly late: number;
  /** Until when: `by` milliseconds of event time after its own, or an event at `until`; the end where neither says. */
  readonly by?: number | undefined;
  readonly until?: number | undefined;
}

/** What was done on purpose, in lines. */
export interface WithheldCounts {
  dropped: number;
  late: number;
}

const RELEASED_KEPT = 10_000;

interface Held {
  readonly line: Line;
  readonly until: number;
}

/** The lines that are sent, late ones where they come. Holds late lines in memory, no others. */
export async function* withhold(
  lines: AsyncIterable<Line>,
  { seed, drop, late, by, until }: Withheld,
  counts: WithheldCounts,
): AsyncGenerator<Line> {
  const drawDrop = seededDraw(`${seed} drop`);
  const drawLate = seededDraw(`${seed} late`);
  const hasTime = by !== undefined || until !== undefined;
  // In the order of the file, which is nearly that of time: one that is a little out of order waits for those before it.
  const held: Held[] = [];
  let first = 0;
  let now = Number.NEGATIVE_INFINITY;
  for await (const line of lines) {
    if (drop > 0 && drawDrop(line.drawnBy ?? line.number) < drop) {
      counts.dropped += 1;
      continue;
    }
    const at = hasTime ? instantOf(line) : undefined;
    const due = dueOf(at, by, until);
    // What is due already is not late.
    if (late > 0 && drawLate(line.drawnBy ?? line.number) < late && due > now) {
      counts.late += 1;
      // A copy: the line is a view of a chunk of the file, which would be held with it.
      held.push({ line: { ...line, bytes: line.bytes.slice() }, until: due });
      continue;
    }
    yield line;
    now = Math.max(now, at ?? now);
    for (let next = held[first]; next !== undefined && next.until <= now; next = held[first]) {
      yield next.line;
      first += 1;
    }
    if (first > RELEASED_KEPT) {
      held.splice(0, first);
      first = 0;
    }
  }
  for (; first < held.length; first += 1) {
    const next = held[first];
    if (next !== undefined) {
      yield next.line;
    }
  }
}

function dueOf(at: number | undefined, by: number | undefined, until: number | undefined): number {
  if (until !== undefined) {
    return until;
  }
  return by === undefined || at === undefined ? Number.POSITIVE_INFINITY : at + by;
}
