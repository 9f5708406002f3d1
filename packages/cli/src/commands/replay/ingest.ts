import { gzipSync } from 'node:zlib';
import { batchesPageSchema } from '@rewardbook/contracts/api/ingest/batches';
import { type Ingested, ingestedSchema } from '@rewardbook/contracts/api/ingest/events';
import { delay } from '@rewardbook/replay/delay';
import type { IngestClient, Patience } from '@rewardbook/replay/ingest-client';
import { type Call, type Client, path } from '../../client/client.ts';
import { CliFailure } from '../../terminal/failure.ts';

/** The ingest service of a system as a replay sends to it. */
export function ingestOf(client: Client, program: string, signal: AbortSignal): IngestClient {
  const callOf = (body: NonNullable<Call['body']>): Call => ({
    service: 'events',
    scope: 'write',
    method: 'POST',
    path: path`/v1/programs/${program}/events`,
    body,
    contentType: 'application/x-ndjson',
  });
  const untilAnswered = (body: NonNullable<Call['body']>, patience: Patience): Promise<Ingested> =>
    client.json({ ...callOf(body), ...patience }, ingestedSchema);
  return {
    send: untilAnswered,
    sendSlowly: (pieces, pausesMs, patience) => untilAnswered(() => slowly(pieces, pausesMs, signal), patience),
    async sendCut(body, end) {
      const cut = new Error('the connection is cut on purpose');
      async function* pieces(): AsyncGenerator<Uint8Array> {
        yield body.subarray(0, end);
        await new Promise((resolve) => setImmediate(resolve)); // so that it goes out first
        throw cut;
      }
      // A server that is busy may answer before, and one that is away is found by the request that follows.
      await client.text(callOf(pieces())).catch((error: unknown) => {
        if (signal.aborted || !(error === cut || error instanceof CliFailure)) {
          throw error;
        }
      });
    },
    async sendCutGzip(packed) {
      try {
        return await client.json({ ...callOf(packed), contentEncoding: 'gzip' }, ingestedSchema);
      } catch (error) {
        if (signal.aborted || !(error instanceof CliFailure)) {
          throw error;
        }
        return undefined;
      }
    },
    gzip: async (body) => gzipSync(body),
    async firstUntallied(retryForMs) {
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
    },
  };
}

async function* slowly(
  pieces: readonly Uint8Array[],
  pausesMs: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const [index, piece] of pieces.entries()) {
    yield piece;
    await delay(pausesMs[index] ?? 0, signal);
  }
}
