import { MAX_AHEAD_MS, type ParsedEvent } from '@rewardbook/contracts/event';
import type { EventScanner } from '@rewardbook/contracts/event-scanner';
import type { EngagementEvent } from '@rewardbook/domain/event';
import type { Collector } from './collector.ts';
import { FlushLanes } from './flush-lanes.ts';
import type { IngestContext } from './ingest-context.ts';
import { Rejections } from './refusals.ts';
import { shownBody } from './refused-event.ts';

/** parseEvent or parseCloudEvent. */
export type ParseValue = (value: unknown, latestMs: number) => ParsedEvent;

/**
 * Records the events of a body that is in memory: a few together with those of other requests, many in statements of
 * their own.
 *
 * @returns the error that kept some from being recorded, if one did
 */
export async function ingestValues(
  context: IngestContext,
  values: readonly unknown[],
  parse: ParseValue,
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
    for (const value of values) {
      const index = outcome.received++;
      const parsed = parse(value, latestMs);
      if (!parsed.ok) {
        const body = rejections.keepsMore ? shownBody(value) : '';
        rejections.add({ index, id: parsed.id ?? null, code: parsed.code, message: parsed.message, body });
      } else if (lanes !== undefined) {
        lanes.add(parsed.event, index);
        if (index % limits.collectedBodyEvents === 0) await lanes.makeRoom();
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
