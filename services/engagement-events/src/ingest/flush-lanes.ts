import type { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { InsertColumns } from '../sql/event-columns.ts';
import { LANES, laneOf, laneOfHash } from './lane-of.ts';
import type { IngestOutcome } from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { conflictsOf, MAX_REFUSED_KEPT } from './refusals.ts';

interface Lane {
  filling: InsertColumns;
  /** The statement under way, if there is one; never rejects. */
  flush: Promise<void> | undefined;
}

/**
 * Writes one request's events in statements of `flushEvents`, at most one under way in each lane: memory stays flat, and the
 * reader waits when both are busy. The first error ends it: what is added later is dropped, and `finish` throws it.
 */
export class FlushLanes {
  readonly #programId: number;
  readonly #recorder: Recorder;
  readonly #outcome: IngestOutcome;
  readonly #flushEvents: number;
  readonly #lanes: Lane[] = Array.from({ length: LANES }, () => ({ filling: new InsertColumns(), flush: undefined }));
  /** Duplicates come in runs: whoever sends a file again sends all of it. */
  #expectsDuplicates = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(programId: number, recorder: Recorder, outcome: IngestOutcome, flushEvents: number) {
    this.#programId = programId;
    this.#recorder = recorder;
    this.#outcome = outcome;
    this.#flushEvents = flushEvents;
  }

  add(event: EngagementEvent, index: number): void {
    this.#lanes[laneOf(event.id)]?.filling.add(event, index);
  }

  /** Adds the event that the scanner has just read from these bytes. */
  addScanned(bytes: Uint8Array, scanned: EventScanner, index: number): void {
    this.#lanes[laneOfHash(scanned.idHash)]?.filling.addScanned(bytes, scanned, index);
  }

  /** Starts what is due; resolves when there is room for more. Await it after every few hundred events. */
  async makeRoom(): Promise<void> {
    for (;;) {
      if (this.#failure) {
        throw this.#failure.error;
      }
      const busy: Promise<void>[] = [];
      for (const lane of this.#lanes) {
        if (lane.filling.size < this.#flushEvents) {
          continue;
        }
        if (lane.flush === undefined) {
          this.#start(lane);
        } else {
          busy.push(lane.flush);
        }
      }
      if (busy.length === 0) {
        return;
      }
      await Promise.race(busy);
    }
  }

  /** Writes the rest, and resolves when all of it is durable and closes see it. */
  async finish(): Promise<void> {
    await Promise.all(
      this.#lanes.map(async (lane) => {
        await lane.flush;
        if (lane.filling.size > 0 && !this.#failure) {
          this.#start(lane);
        }
        await lane.flush;
      }),
    );
    if (this.#failure) {
      throw this.#failure.error;
    }
  }

  #start(lane: Lane): void {
    const events = lane.filling;
    lane.filling = new InsertColumns();
    lane.flush = this.#flush(events)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        lane.flush = undefined;
      });
  }

  async #flush(events: InsertColumns): Promise<void> {
    const batch = await this.#recorder.record(this.#programId, events, this.#expectsDuplicates);
    this.#expectsDuplicates = 2 * batch.accepted < events.size;
    const conflicts = conflictsOf(events, batch);
    const { batchId, accepted, duplicateLines } = batch;
    const kept = conflicts.slice(0, Math.max(0, MAX_REFUSED_KEPT - this.#outcome.conflicts));
    this.#outcome.take({ accepted, duplicates: duplicateLines.length, conflicts, batches: [String(batchId)] });
    await this.#recorder.keepRefused(this.#programId, kept, 0);
  }
}
