import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ingestedSchema } from '@rewardbook/contracts/api/ingest/events';
import { type EventFiles, writeIngestFiles } from './ingest-files.ts';
import { type IngestSystem, startIngestSystem } from './ingest-system.ts';
import { median } from './median.ts';
import { openFloor, warm } from './psql-ingest.ts';
import type { BenchRow } from './row.ts';

/**
 * A million NDJSON events over HTTP, durable, deduplicated and sealed, against psql that merges the same events into an equal
 * table: ids in time order, shuffled, and the same again, when all are duplicates. Runs of both take turns; each begins with empty
 * tables and a checkpoint.
 */
export async function benchIngest({ events = 1_000_000, runs = 3 } = {}): Promise<BenchRow[]> {
  const files = await writeIngestFiles(events);
  const system = await startIngestSystem();
  const rows: BenchRow[] = [];
  try {
    const floor = await openFloor(system.ownerUrl);
    for (const order of ['ordered', 'shuffled'] as const) {
      const file = files[order];
      await warm(file.ndjson);
      await warm(file.copy);
      const seconds = {
        new: { ours: [] as number[], floor: [] as number[] },
        again: { ours: [] as number[], floor: [] as number[] },
      };
      for (let run = 0; run < runs; run++) {
        await floor.reset();
        for (const [kind, inserted] of [
          ['new', events],
          ['again', 0],
        ] as const) {
          const merged = await floor.merge(file.copy);
          if (merged.inserted !== inserted) {
            throw new Error(`the floor inserted ${merged.inserted}`);
          }
          seconds[kind].floor.push(merged.seconds);
        }
        await floor.reset();
        await system.reset();
        for (const kind of ['new', 'again'] as const) {
          const posted = await postFile(system, file);
          const counted = kind === 'new' ? posted.accepted : posted.duplicates;
          if (counted !== events) {
            throw new Error(`not ${kind}: ${JSON.stringify(posted)}`);
          }
          seconds[kind].ours.push(posted.seconds);
        }
        await system.reset();
      }
      for (const kind of ['new', 'again'] as const) {
        const ours = events / median(seconds[kind].ours);
        const theirs = events / median(seconds[kind].floor);
        const what = order === 'ordered' ? 'ids in time order' : 'ids shuffled';
        rows.push({
          name: `ingest of ${events.toLocaleString('en')}, ${what}${kind === 'again' ? ', duplicates only' : ''}, against ${floor.tool}`,
          ours,
          floor: theirs,
          ratio: ours / theirs,
          unit: 'events/s',
        });
      }
    }
    await floor.close();
  } finally {
    await system.stop();
    await files.remove();
  }
  return rows;
}

/** Sends a file of events, and gives the answer with how long it took. */
export async function postFile(system: IngestSystem, file: EventFiles) {
  const begun = performance.now();
  const sending = request(system.eventsUrl, {
    method: 'POST',
    headers: { ...system.headers, 'content-type': 'application/x-ndjson' },
  });
  const answered = new Promise<unknown>((resolve, reject) => {
    sending.once('response', (response) => json(response).then(resolve, reject));
    sending.once('error', reject);
  });
  await pipeline(createReadStream(file.ndjson, { highWaterMark: 1 << 18 }), sending);
  const answer = ingestedSchema.parse(await answered);
  return { ...answer, batches: answer.batches.length, seconds: (performance.now() - begun) / 1000 };
}
