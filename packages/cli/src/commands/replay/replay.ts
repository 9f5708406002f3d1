import { setTimeout as delay } from 'node:timers/promises';
import { batchesPageSchema } from '@rewardbook/contracts/api/ingest/batches';
import { type Client, path } from '../../client/client.ts';
import type { Line } from '../../files/lines.ts';
import { serverError } from '../../terminal/failure.ts';
import { batches } from './batches.ts';
import type { FaultPlan } from './faults.ts';
import type { Pace } from './pace.ts';
import { send } from './send.ts';
import { type ReplaySummary, ReplayTally } from './tally.ts';
import { type Withheld, withhold } from './withhold.ts';

export interface ReplayPlan {
  readonly program: string;
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
export async function replay(client: Client, plan: ReplayPlan, signal: AbortSignal): Promise<ReplaySummary> {
  // Fails immediately, before anything is read, if the system cannot be reached.
  await untallied(client, plan.program);
  const tally = new ReplayTally();
  const { program, onPurpose } = plan;
  const seed = onPurpose?.seed ?? '';
  const withheld = { dropped: 0, late: 0 };
  const faults = onPurpose === undefined ? undefined : { ...onPurpose.faults, seed };
  const lines = onPurpose === undefined ? plan.lines : withhold(plan.lines, { ...onPurpose.withheld, seed }, withheld);
  const { onWaiting = () => undefined } = plan;
  const times = { retryForMs: RETRY_FOR_MS, waitForMs: WAIT_FOR_MS };
  const sending = { client, program, faults, tally, signal, onWaiting, ...times };
  const begun = performance.now();
  const source = batches(lines, plan.pace, { ...LIMITS, lines: plan.batchLines ?? LIMITS.lines });
  // Senders share the source; a generator hands out one batch at a time, in order.
  const sender = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      const wait = next.value.due - (performance.now() - begun);
      if (wait > 0) {
        await delay(wait, undefined, { signal });
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

/** Waits until the ledger has tallied every batch of the program. @throws CliFailure 3 where it makes no headway */
export async function untilTallied(client: Client, program: string, signal: AbortSignal): Promise<void> {
  let last = '';
  let moved = Date.now();
  for (;;) {
    const first = await untallied(client, program, RETRY_FOR_MS);
    if (first === undefined) {
      return;
    }
    if (first !== last) {
      last = first;
      moved = Date.now();
    } else if (Date.now() - moved > TALLY_PATIENCE_MS) {
      throw serverError(
        `The events are durable, but batch ${first} has not been tallied for ${TALLY_PATIENCE_MS / 1000} seconds: ` +
          "see the ledger's log; it goes on by itself once it runs",
      );
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/** The first batch that is not tallied yet; undefined if all are. */
async function untallied(client: Client, program: string, retryForMs?: number): Promise<string | undefined> {
  const page = await client.json(
    {
      service: 'events',
      scope: 'read',
      path: `${path`/v1/programs/${program}/batches`}?state=untallied&limit=1`,
      ...(retryForMs === undefined ? {} : { retryForMs }),
    },
    batchesPageSchema,
  );
  return page.items[0]?.batchId;
}
