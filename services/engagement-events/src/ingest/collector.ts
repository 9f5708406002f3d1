import type { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { AppError } from '@rewardbook/runtime/http/errors';
import { InsertColumns } from '../sql/event-columns.ts';
import type { RefusedEvent } from '../sql/refused-event.ts';
import type { Collected } from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { conflictsOf } from './refusals.ts';

interface Submission extends Collected {
  /** Events whose statement has not answered yet. */
  left: number;
  readonly resolve: (collected: Collected) => void;
  readonly reject: (error: unknown) => void;
}

/** Events of one program for a later statement, and the requests they belong to. */
interface Pending {
  readonly programId: number;
  readonly events: InsertColumns;
  readonly owners: Submission[];
}

/**
 * Gathers the events of single requests into statements, without a timer: what arrives while one is under way goes into the
 * next. The busier it is, the more it writes at a time. One statement at a time: a second one would halve what goes into each, and
 * cost a third more of both processors.
 */
export class Collector {
  readonly #recorder: Recorder;
  readonly #flushEvents: number;
  readonly #waitingEvents: number;
  /** In the order in which they are to be written; the last of a program takes more until it is full. */
  readonly #queue: Pending[] = [];
  #busy = false;
  #waiting = 0;

  constructor(recorder: Recorder, limits: { readonly collectedFlushEvents: number; readonly waitingEvents: number }) {
    this.#recorder = recorder;
    this.#flushEvents = limits.collectedFlushEvents;
    this.#waitingEvents = limits.waitingEvents;
  }

  /** Events that wait for a statement. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Records events; resolves when they are durable, and the next close sees them.
   *
   * @param indexes the position of each in its request
   * @throws AppError `overloaded` when too many are already waiting
   */
  submit(programId: number, events: readonly EngagementEvent[], indexes: readonly number[]): Promise<Collected> {
    return this.#submission(events.length, (owner) => {
      for (const [i, event] of events.entries()) {
        this.#roomFor(programId, owner).add(event, indexes[i] ?? i);
      }
    });
  }

  /** Records the one event that the scanner has just read from these bytes; else as `submit`. */
  submitScanned(programId: number, bytes: Uint8Array, scanned: EventScanner): Promise<Collected> {
    return this.#submission(1, (owner) => this.#roomFor(programId, owner).addScanned(bytes, scanned, 0));
  }

  #submission(events: number, put: (owner: Submission) => void): Promise<Collected> {
    if (this.#waiting + events > this.#waitingEvents) {
      throw new AppError('overloaded', 'Too many events are waiting to be recorded; send this again');
    }
    return new Promise((resolve, reject) => {
      const owner: Submission = {
        accepted: 0,
        duplicates: 0,
        conflicts: [],
        batches: [],
        left: events,
        resolve,
        reject,
      };
      if (events === 0) {
        resolve(owner);
      }
      put(owner);
    });
  }

  /** The columns that take the owner's next event, which are written in the turn of this program. */
  #roomFor(programId: number, owner: Submission): InsertColumns {
    let pending = this.#queue.findLast((candidate) => candidate.programId === programId);
    if (pending === undefined || pending.events.size >= this.#flushEvents) {
      pending = { programId, events: new InsertColumns(), owners: [] };
      this.#queue.push(pending);
    }
    pending.owners.push(owner);
    this.#waiting += 1;
    if (!this.#busy) {
      this.#busy = true;
      // The other requests that this turn of the event loop reads come along.
      setImmediate(() => this.#work());
    }
    return pending.events;
  }

  async #work(): Promise<void> {
    for (let pending = this.#queue.shift(); pending !== undefined; pending = this.#queue.shift()) {
      this.#waiting -= pending.events.size;
      await this.#flush(pending);
    }
    this.#busy = false;
  }

  async #flush({ programId, events, owners }: Pending): Promise<void> {
    try {
      const batch = await this.#recorder.record(programId, events);
      const conflicts = conflictsOf(events, batch);
      const kept = this.#recorder.keepRefused(programId, conflicts, 0);
      // The next statement begins while conflicts are kept.
      kept.then(
        () => settle(owners, String(batch.batchId), batch.duplicateLines, batch.conflictLines, conflicts),
        (error: unknown) => fail(owners, error),
      );
    } catch (error) {
      fail(owners, error);
    }
  }
}

function settle(
  owners: readonly Submission[],
  batchId: string,
  duplicateLines: readonly number[],
  conflictLines: readonly number[],
  conflicts: readonly RefusedEvent[],
): void {
  for (const owner of owners) {
    owner.accepted += 1;
    owner.left -= 1;
    if (owner.batches.at(-1) !== batchId) {
      owner.batches.push(batchId);
    }
  }
  for (const line of duplicateLines) {
    const owner = owners[line];
    if (owner === undefined) {
      continue;
    }
    owner.accepted -= 1;
    owner.duplicates += 1;
  }
  for (const [i, line] of conflictLines.entries()) {
    const owner = owners[line];
    const conflict = conflicts[i];
    if (owner === undefined || conflict === undefined) {
      continue;
    }
    owner.accepted -= 1;
    owner.conflicts.push(conflict);
  }
  // An owner of several lines resolves once: a promise ignores the rest.
  for (const owner of owners) {
    if (owner.left === 0) {
      owner.resolve(owner);
    }
  }
}

function fail(owners: readonly Submission[], error: unknown): void {
  for (const owner of owners) {
    owner.reject(error);
  }
}
