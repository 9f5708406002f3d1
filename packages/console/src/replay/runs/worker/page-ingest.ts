import { batchesPageSchema } from '@rewardbook/contracts/api/ingest/batches';
import { type Ingested, ingestedSchema } from '@rewardbook/contracts/api/ingest/events';
import { problemSchema } from '@rewardbook/contracts/values/problem';
import { delay } from '@rewardbook/replay/delay';
import type { IngestClient, Patience } from '@rewardbook/replay/ingest-client';
import { addressOf, path } from '../../../api/client.ts';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;
/** A browser cannot send the beginning of a body: it sends all of it, and gives up this soon. */
const CUT_AFTER_MS = 4;
const NO_PATIENCE: Patience = { retryForMs: 3_000, waitForMs: 3_000, onRetry: () => undefined };

/** The service refused it, and will again. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** What a request may wait for: a person who pauses. */
export interface Gate {
  pass(): Promise<void>;
}

/** The ingest of a program through the console's server, under the key of whoever is signed in. */
export function pageIngest(program: string, gate: Gate, signal: AbortSignal): IngestClient {
  const events = addressOf({ service: 'events', path: path`/v1/programs/${program}/events` });
  const untallied = addressOf({
    ...{ service: 'events', path: path`/v1/programs/${program}/batches` },
    query: { state: 'untallied', limit: 1 },
  });
  const post = (body: Uint8Array, headers: Record<string, string> = {}, given = signal): Promise<Response> =>
    fetch(events, {
      method: 'POST',
      // A copy: the body may be a part of a larger buffer.
      body: body.slice(),
      headers: { 'content-type': 'application/x-ndjson', accept: 'application/json', ...headers },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: given,
    });
  const send = async (body: Uint8Array, patience: Patience): Promise<Ingested> => {
    await gate.pass();
    return ingestedSchema.parse(await untilAnswered(() => post(body), patience, signal));
  };
  return {
    send,
    sendSlowly: () => {
      throw new Error('a page does not send in pieces');
    },
    async sendCut(body) {
      await gate.pass();
      const cut = new AbortController();
      const sent = post(body, {}, AbortSignal.any([cut.signal, signal]));
      const ended = sent.then(
        (answer) => answer.arrayBuffer(),
        () => undefined, // cut, as it should be; whoever is away is found by the request that follows
      );
      await delay(CUT_AFTER_MS, signal);
      cut.abort();
      await ended.catch(() => undefined);
      signal.throwIfAborted();
    },
    async sendCutGzip(packed) {
      await gate.pass();
      const answer = await post(packed, { 'content-encoding': 'gzip' }).catch((error: unknown) => {
        signal.throwIfAborted();
        return error instanceof TypeError ? undefined : Promise.reject(error);
      });
      return answer?.ok ? ingestedSchema.parse(await answer.json()) : undefined;
    },
    async gzip(body) {
      const packed = new Blob([body.slice()]).stream().pipeThrough(new CompressionStream('gzip'));
      return new Uint8Array(await new Response(packed).arrayBuffer());
    },
    async firstUntallied(retryForMs) {
      const patience = retryForMs === undefined ? NO_PATIENCE : { ...NO_PATIENCE, retryForMs, waitForMs: retryForMs };
      const ask = (): Promise<Response> => fetch(untallied, { credentials: 'same-origin', cache: 'no-store', signal });
      return batchesPageSchema.parse(await untilAnswered(ask, patience, signal)).items[0]?.batchId;
    },
  };
}

/** Asks until there is an answer: lost connections and services that are away or have no room are asked again. @throws Refused */
async function untilAnswered(ask: () => Promise<Response>, patience: Patience, signal: AbortSignal): Promise<unknown> {
  const begun = performance.now();
  let heardMs = begun;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    let reason: string;
    let until = heardMs + patience.retryForMs;
    let wait = pause;
    try {
      const answer = await ask();
      if (answer.ok) {
        return await answer.json();
      }
      reason = await describe(answer);
      if (![429, 502, 503, 504].includes(answer.status)) {
        throw new Refused(reason);
      }
      const asked = Number(answer.headers.get('retry-after') ?? Number.NaN);
      if (Number.isFinite(asked)) {
        wait = asked * 1000;
        until = begun + patience.waitForMs;
        heardMs = performance.now();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TypeError)) {
        throw error;
      }
      reason = 'The console does not answer';
    }
    if (performance.now() + wait > until) {
      throw new Refused(reason);
    }
    patience.onRetry(reason);
    await delay(wait, signal);
  }
}

async function describe(answer: Response): Promise<string> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => undefined));
  if (answer.status === 401) {
    return 'The session has ended: sign in, and send it again. What was recorded counts once.';
  }
  return problem.success
    ? (problem.data.detail ?? problem.data.title)
    : `The answer was ${answer.status} ${answer.statusText}`.trim();
}
