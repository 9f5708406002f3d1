import type { Batch } from './batches.ts';
import { type DrawnFault, type FaultPlan, faultOf } from './faults.ts';
import { withGarbage } from './garbage.ts';
import type { IngestClient } from './ingest-client.ts';
import type { ReplayTally } from './tally.ts';

export interface Sending {
  readonly client: IngestClient;
  readonly faults: FaultPlan | undefined;
  readonly tally: ReplayTally;
  /** How long what is lost is sent again, in milliseconds. */
  readonly retryForMs: number;
  /** How long a service is waited for that has no room, in milliseconds. */
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
      // What was complete by then may be recorded, without an answer.
      await sending.client.sendCut(batch.body, 1 + random(Math.max(1, batch.body.length - 1)));
      return post(sending, batch);
    case 'truncate':
      await postTruncated(sending, batch, random);
      return post(sending, batch);
    case 'slow':
      return post(sending, batch, slowPauses(random));
    case 'duplicate':
      await Promise.all([post(sending, batch), post(sending, batch)]);
      return;
    case 'garbage':
      return post(sending, withGarbage(batch, random));
  }
}

/** @param pausesMs where it is sent in pieces */
async function post(
  { client, tally, retryForMs, waitForMs, onWaiting }: Sending,
  { body, numbers }: Pick<Batch, 'body' | 'numbers'>,
  pausesMs?: readonly number[],
): Promise<void> {
  const begun = performance.now();
  const onRetry = (reason: string): void => {
    tally.addRetry();
    onWaiting(reason);
  };
  const patience = { retryForMs, waitForMs, onRetry };
  const answer = await (pausesMs === undefined
    ? client.send(body, patience)
    : client.sendSlowly(inPieces(body), pausesMs, patience));
  tally.add(answer, numbers, performance.now() - begun);
}

/** Gzip without its end: what was read before it counts, and the request is refused. */
async function postTruncated({ client, tally }: Sending, { body }: Batch, random: DrawnFault['random']) {
  const packed = await client.gzip(body);
  const cut = packed.subarray(0, Math.max(1, Math.floor((packed.length * (1 + random(MAX_CUT_TENTHS))) / 10)));
  if ((await client.sendCutGzip(cut)) !== undefined) {
    tally.addUnnoticed('truncate', 1);
  }
}

function slowPauses(random: DrawnFault['random']): number[] {
  return Array.from(
    { length: SLOW_PIECES - 1 },
    () => SLOW_PAUSE_MS.least + random(SLOW_PAUSE_MS.most - SLOW_PAUSE_MS.least),
  );
}

function inPieces(body: Uint8Array): Uint8Array[] {
  const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < body.length; from += size) {
    pieces.push(body.subarray(from, from + size));
  }
  return pieces;
}
