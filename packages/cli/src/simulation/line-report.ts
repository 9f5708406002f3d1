import type { Acceptance } from '@rewardbook/simulate/events/accepted-events';
import type { EventsInput } from '../files/events-input.ts';
import { inputError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { groupedCount } from '../terminal/table.ts';

/** How many lines of a kind are named. */
export const REMARKS_SHOWN = 10;

/** Why a line is not taken. */
export interface LineRemark {
  readonly number: number;
  readonly kind: 'rejected' | 'conflict';
  readonly code: string;
  readonly message: string;
}

/** How many lines of a file were accepted, refused and so on. */
export interface LineCounts {
  /** All that are not blank. */
  read: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  rejected: number;
}

export function noLines(): LineCounts {
  return { read: 0, accepted: 0, duplicate: 0, conflict: 0, rejected: 0 };
}

/** The first lines of many that come in any order. */
export class FirstLines {
  readonly #most: number;
  readonly lines: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(line: number): void {
    if (this.lines.length === this.#most && line > (this.lines.at(-1) ?? 0)) {
      return;
    }
    const before = this.lines.findLastIndex((other) => other < line) + 1;
    this.lines.splice(before, 0, line);
    if (this.lines.length > this.#most) {
      this.lines.pop();
    }
  }
}

export function rejectionRemark(
  number: number,
  { code, message }: { readonly code: string; readonly message: string },
): LineRemark {
  return { number, kind: 'rejected', code, message };
}

export function conflictRemark(number: number): LineRemark {
  const message = 'this event was given before with other contents; the first counts';
  return { number, kind: 'conflict', code: 'conflict', message };
}

/** Counts lines, and names on stderr the first that are refused or in conflict. */
export class LineReport {
  readonly counts = noLines();
  readonly #io: Io;
  readonly #placeOf: EventsInput['placeOf'];
  readonly #shown = { rejected: 0, conflict: 0 };

  constructor(io: Io, { placeOf }: Pick<EventsInput, 'placeOf'>) {
    this.#io = io;
    this.#placeOf = placeOf;
  }

  /** One line that was taken, or is about to be remarked on. */
  add(what: Acceptance | 'rejected'): void {
    this.counts.read += 1;
    this.counts[what] += 1;
  }

  addAll(counts: LineCounts): void {
    this.counts.read += counts.read;
    for (const what of ['accepted', 'duplicate', 'conflict', 'rejected'] as const) {
      this.counts[what] += counts[what];
    }
  }

  remark({ number, kind, code, message }: LineRemark): void {
    this.#shown[kind] += 1;
    if (this.#shown[kind] <= REMARKS_SHOWN) {
      this.#io.stderr.write(`${this.#placeOf(number, message)}: ${code}: ${message}\n`);
    }
  }

  /** The sums. @throws CliFailure 2 where no line is an event */
  end(name: string): void {
    const { read, accepted, duplicate, conflict, rejected } = this.counts;
    this.#io.stderr.write(
      `${groupedCount(read)} events: ${groupedCount(accepted)} accepted, ${groupedCount(duplicate)} duplicates, ` +
        `${groupedCount(conflict)} conflicts, ${groupedCount(rejected)} rejected\n`,
    );
    if (rejected > 0 && rejected === read) {
      throw inputError(`No line of ${name} is an event`);
    }
  }
}
