import { batches } from './batches.ts';
import { delay } from './delay.ts';
import type { FaultPlan } from './faults.ts';
import type { IngestClient } from './ingest-client.ts';
import type { Line } from './lines.ts';
import type { Pace } from './pace.ts';
import { ReplayError } from './replay-error.ts';
import { send } from './send.ts';
import { type ReplaySummary, ReplayTally } from './tally.ts';
import { type Withheld, withhold } from './withhold.ts';

export interface ReplayPlan {
  readonly lines: AsyncIterable<Line>;
  readonly pace: Pace;
  /** Requests under way at the same time. */
  readonly concurrency: number;
  /** What is done on purpose; nothing where it is not given. */
  readonly onPurpose?: ReplayMischief | undefined;
  /** Events of a request at most. */
  readonly batchLines?: number | undefined;
  /** Called with the reason why a request has to be sent again. */
  readonly onWaiting?: (reason: string) => void;
  /** Called after each answer. */
  readonly onProgress: (tally: ReplayTally) => void;
}

/** What a tester wants done to the events and requests, all of it drawn from one seed. */
export interface ReplayMischief {
  readonly seed: string;
  readonly withheld: Omit<Withheld, 'seed'>;
  readonly faults: Omit<FaultPlan, 'seed'>;
}

const LIMITS = { lines: 5_000, bytes: 2 << 20 };
/** A system that is started again has this long to come back. */
const RETRY_FOR_MS = 120_000;
/** One that is there and has no room, a full disk above all, waits for a person. */
const WAIT_FOR_MS = 3_600_000;
const POLL_MS = 100;
/** If no batch is tallied for this long, the replay stops waiting. */
const TALLY_PATIENCE_MS = 60_000;

/**
 * Sends events to the ingest service and answers once all are durable. What is lost on the way (a connection, a server that
 * is busy or restarts) is sent again: ingest counts an event once.
 */
export async function replay(client: IngestClient, plan: ReplayPlan, signal: AbortSignal): Promise<ReplaySummary> {
  // Fails immediately, before anything is read, if the system cannot be reached.
  await client.firstUntallied();
  const tally = new ReplayTally();
  const { onPurpose } = plan;
  const seed = onPurpose?.seed ?? '';
  const withheld = { dropped: 0, late: 0 };
  const faults = onPurpose === undefined ? undefined : { ...onPurpose.faults, seed };
  const lines = onPurpose === undefined ? plan.lines : withhold(plan.lines, { ...onPurpose.withheld, seed }, withheld);
  const { onWaiting = () => undefined } = plan;
  const times = { retryForMs: RETRY_FOR_MS, waitForMs: WAIT_FOR_MS };
  const sending = { client, faults, tally, onWaiting, ...times };
  const begun = performance.now();
  const source = batches(lines, plan.pace, { ...LIMITS, lines: plan.batchLines ?? LIMITS.lines });
  // Senders share the source; a generator hands out one batch at a time, in order.
  const sender = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      const wait = next.value.due - (performance.now() - begun);
      if (wait > 0) {
        await delay(wait, signal);
      }
      await send(sending, next.value);
      plan.onProgress(tally);
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.concurrency }, sender));
  } finally {
    await source.return(undefined);
  }
  tally.end();
  return tally.summary(onPurpose === undefined ? undefined : { seed, ...withheld });
}

/** Waits until the ledger has tallied every batch of the program. @throws ReplayError where it makes no headway */
export async function untilTallied(client: IngestClient, signal: AbortSignal): Promise<void> {
  let last = '';
  let moved = Date.now();
  for (;;) {
    const first = await client.firstUntallied(RETRY_FOR_MS);
    if (first === undefined) {
      return;
    }
    if (first !== last) {
      last = first;
      moved = Date.now();
    } else if (Date.now() - moved > TALLY_PATIENCE_MS) {
      throw new ReplayError(
        'stalled',
        `The events are durable, but batch ${first} has not been tallied for ${TALLY_PATIENCE_MS / 1000} seconds: ` +
          "see the ledger's log; it goes on by itself once it runs",
      );
    }
    await delay(POLL_MS, signal);
  }
}
