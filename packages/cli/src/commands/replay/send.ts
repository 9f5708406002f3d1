import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Ingested, ingestedSchema } from '@rewardbook/contracts/api/ingest/events';
import { type Call, type Client, path } from '../../client/client.ts';
import { CliFailure } from '../../terminal/failure.ts';
import type { Batch } from './batches.ts';
import { type DrawnFault, type FaultPlan, faultOf } from './faults.ts';
import { withGarbage } from './garbage.ts';
import type { ReplayTally } from './tally.ts';

export interface Sending {
  readonly client: Client;
  readonly program: string;
  readonly faults: FaultPlan | undefined;
  readonly tally: ReplayTally;
  readonly signal: AbortSignal;
  /** How long what is lost is sent again. */
  readonly retryForMs: number;
  /** How long a service is waited for that has no room. */
  readonly waitForMs: number;
  /** Called with the reason why a request is sent again. */
  readonly onWaiting: (reason: string) => void;
}

const SLOW_PIECES = 8;
const SLOW_PAUSE_MS = { least: 20, most: 100 };
const MAX_CUT_TENTHS = 9;

/** Sends one request until it is answered, with the fault that is planned for it, and adds the answer up. */
export async function send(sending: Sending, batch: Batch): Promise<void> {
  const fault = sending.faults === undefined ? undefined : faultOf(sending.faults, batch.index);
  if (fault === undefined) {
    return post(sending, batch);
  }
  const { kind, random } = fault;
  sending.tally.addFault(kind);
  switch (kind) {
    case 'abort':
      await postCut(sending, batch, random);
      return post(sending, batch);
    case 'truncate':
      await postTruncated(sending, batch, random);
      return post(sending, batch);
    case 'slow':
      return post(sending, batch, slowly(batch.body, random, sending.signal));
    case 'duplicate':
      await Promise.all([post(sending, batch), post(sending, batch)]);
      return;
    case 'garbage':
      return post(sending, withGarbage(batch, random));
  }
}

async function post(
  { client, program, tally, retryForMs, waitForMs, onWaiting }: Sending,
  { body, numbers }: Pick<Batch, 'body' | 'numbers'>,
  otherBody?: Call['body'],
): Promise<void> {
  const begun = performance.now();
  const onRetry = (reason: string): void => {
    tally.addRetry();
    onWaiting(reason);
  };
  const call = { ...callOf(program, otherBody ?? body), retryForMs, waitForMs, onRetry };
  tally.add(await client.json(call, ingestedSchema), numbers, performance.now() - begun);
}

/** The connection ends in the middle of the body: what was complete by then may be recorded, without an answer. */
async function postCut({ client, program, signal }: Sending, { body }: Batch, random: DrawnFault['random']) {
  const end = 1 + random(Math.max(1, body.length - 1));
  const cut = new Error('the connection is cut on purpose');
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield body.subarray(0, end);
    await new Promise((resolve) => setImmediate(resolve)); // so that it goes out first
    throw cut;
  }
  // A server that is busy may answer before, and one that is away is found by the request that follows.
  await client.text(callOf(program, pieces())).catch((error: unknown) => {
    if (signal.aborted || !(error === cut || error instanceof CliFailure)) {
      throw error;
    }
  });
}

/** Gzip without its end: what was read before it counts, and the request is refused. */
async function postTruncated(
  { client, program, tally, signal }: Sending,
  { body }: Batch,
  random: DrawnFault['random'],
) {
  const packed = gzipSync(body);
  const cut = packed.subarray(0, Math.max(1, Math.floor((packed.length * (1 + random(MAX_CUT_TENTHS))) / 10)));
  let answer: Ingested | undefined;
  try {
    answer = await client.json({ ...callOf(program, cut), contentEncoding: 'gzip' }, ingestedSchema);
  } catch (error) {
    if (signal.aborted || !(error instanceof CliFailure)) {
      throw error;
    }
  }
  if (answer !== undefined) {
    tally.addUnnoticed('truncate', 1);
  }
}

function slowly(body: Buffer, random: DrawnFault['random'], signal: AbortSignal): () => AsyncIterable<Uint8Array> {
  const pauses = Array.from(
    { length: SLOW_PIECES - 1 },
    () => SLOW_PAUSE_MS.least + random(SLOW_PAUSE_MS.most - SLOW_PAUSE_MS.least),
  );
  const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
  return async function* () {
    for (let from = 0; from < body.length; from += size) {
      yield body.subarray(from, from + size);
      await delay(pauses[from / size] ?? 0, undefined, { signal });
    }
  };
}

function callOf(program: string, body: Call['body']): Call {
  return {
    service: 'events',
    scope: 'write',
    method: 'POST',
    path: path`/v1/programs/${program}/events`,
    ...(body === undefined ? {} : { body }),
    contentType: 'application/x-ndjson',
  };
}
