import { storeApiKey } from '@rewardbook/db/api-keys';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { type EventFeed, listenTo } from '../support/event-feed.ts';
import { postFile } from './ingest.ts';
import { writeIngestFiles } from './ingest-files.ts';
import { type IngestSystem, startIngestSystem } from './ingest-system.ts';
import { median } from './median.ts';
import { warm } from './psql-ingest.ts';
import type { BenchRow } from './row.ts';

const LISTENERS = 50;
const KEYS = 5;

/** Ingest while fifty people watch it, beside ingest that nobody watches; runs of both take turns. */
export async function benchLive({ events = 1_000_000, runs = 3 } = {}): Promise<BenchRow[]> {
  const files = await writeIngestFiles(events);
  const system = await startIngestSystem();
  const seconds = { watched: [] as number[], alone: [] as number[] };
  try {
    await warm(files.ordered.ndjson);
    for (let run = 0; run < runs; run += 1) {
      for (const kind of run % 2 === 0 ? (['alone', 'watched'] as const) : (['watched', 'alone'] as const)) {
        await system.reset();
        const feeds = kind === 'watched' ? await listen(system) : [];
        const posted = await postFile(system, files.ordered);
        if (posted.accepted !== events || feeds.some((feed) => feed.names.length === 0)) {
          throw new Error(`not as it should be: ${JSON.stringify(posted)}`);
        }
        seconds[kind].push(posted.seconds);
        for (const feed of feeds) {
          feed.leave();
        }
        await Promise.all(feeds.map(({ ended }) => ended));
      }
    }
    await system.reset();
  } finally {
    await system.stop();
    await files.remove();
  }
  const [ours, floor] = [events / median(seconds.watched), events / median(seconds.alone)];
  return [
    {
      name: `ingest of ${events.toLocaleString('en')} with ${LISTENERS} who watch it, against nobody`,
      ours,
      floor,
      ratio: ours / floor,
      unit: 'events/s',
    },
  ];
}

async function listen({ sql, eventsUrl }: IngestSystem): Promise<EventFeed[]> {
  const feeds: EventFeed[] = [];
  for (let number = 0; number < KEYS; number += 1) {
    const { key, hash } = createKey();
    const name = `viewer ${number} ${hash.toString('hex').slice(0, 8)}`;
    await storeApiKey(sql, { name, keyHash: hash, scopes: ['read'] });
    for (let one = 0; one < LISTENERS / KEYS; one += 1) {
      feeds.push(await listenTo(eventsUrl.replace(/events$/, 'live'), { authorization: `Bearer ${key}` }));
    }
  }
  return feeds;
}
