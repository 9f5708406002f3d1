import { MAX_AHEAD_MS, type ParsedEvent } from '@rewardbook/contracts/events/event';
import type { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { duplicateKey } from '@rewardbook/contracts/values/json-text';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { shownBody } from '../sql/refused-event.ts';
import type { Collector } from './collector.ts';
import { FlushLanes } from './flush-lanes.ts';
import type { IngestContext } from './ingest-context.ts';
import { Rejections } from './refusals.ts';

/** Reads one value of a body. */
export type ParseValue = (value: unknown, latestMs: number) => ParsedEvent;

/** What a body has. */
export interface BodyValues {
  readonly values: readonly unknown[];
  /** Values with a duplicate key, by their position. */
  readonly duplicates: ReadonlyMap<number, string>;
  /** parseEvent or parseCloudEvent. */
  readonly parse: ParseValue;
}

/**
 * Records the events of a body that is in memory: a few together with those of other requests, many in their own
 * statements.
 *
 * @returns the error that kept some from being recorded, if one did
 */
export async function ingestValues(
  context: IngestContext,
  { values, duplicates, parse }: BodyValues,
  collector: Collector,
): Promise<unknown> {
  const { recorder, programId, outcome, limits } = context;
  const latestMs = context.now() + MAX_AHEAD_MS;
  const rejections = new Rejections(programId, recorder, outcome);
  const lanes =
    values.length > limits.collectedBodyEvents
      ? new FlushLanes(programId, recorder, outcome, limits.flushEvents)
      : undefined;
  const events: EngagementEvent[] = [];
  const indexes: number[] = [];
  try {
    for (const [place, value] of values.entries()) {
      const index = outcome.received++;
      const twice = duplicates.get(place);
      const parsed = twice === undefined ? parse(value, latestMs) : duplicateKey(twice);
      if (!parsed.ok) {
        const id = 'id' in parsed ? (parsed.id ?? null) : null;
        const body = rejections.keepsMore ? shownBody(value) : '';
        rejections.add({ index, id, code: parsed.code, message: parsed.message, body });
      } else if (lanes !== undefined) {
        lanes.add(parsed.event, index);
        if (index % limits.collectedBodyEvents === 0) {
          await lanes.makeRoom();
        }
      } else {
        events.push(parsed.event);
        indexes.push(index);
      }
    }
    if (events.length > 0) {
      outcome.take(await collector.submit(programId, events, indexes));
    }
    await lanes?.finish();
    await rejections.write();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Records the one event of a body, which the scanner has just read from these bytes; else as `ingestValues`. */
export async function ingestScanned(
  { programId, outcome }: IngestContext,
  bytes: Uint8Array,
  scanned: EventScanner,
  collector: Collector,
): Promise<unknown> {
  outcome.received += 1;
  try {
    outcome.take(await collector.submitScanned(programId, bytes, scanned));
    return undefined;
  } catch (error) {
    return error;
  }
}
