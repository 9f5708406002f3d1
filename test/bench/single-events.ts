import { Redis } from 'ioredis';
import { redisMissing, startRedisServer } from '../support/redis-server.ts';
import { startChild } from './child.ts';
import { openLoad, type Target } from './http-load.ts';
import { startIngestSystem } from './ingest-system.ts';
import { median } from './median.ts';
import { postPaced } from './paced-load.ts';
import type { BenchRow } from './row.ts';
import { singleEvent } from './single-event.ts';

const PACE_PER_SECOND = 2_000;

/**
 * Single-event POSTs, each answered when it is durable, against a handler with one insert and one job an event, on the same Postgres
 * and the same queue: requests a second at 50 and 100 connections, and the 99th percentile at an even 2,000 a second. Runs of both
 * take turns.
 */
export async function benchSingleEvents({ runs = 3, seconds = 5 } = {}): Promise<BenchRow[]> {
  const redis = redisMissing === undefined ? await startRedisServer() : undefined;
  if (redis !== undefined) {
    await flushEverySecond(redis.url);
  }
  const queue = redis === undefined ? {} : { REDIS_URL: redis.url };
  const load = await openLoad();
  const system = await startIngestSystem(queue);
  const rows: BenchRow[] = [];
  try {
    await system.sql.unsafe(`
      CREATE SCHEMA plain; CREATE TABLE plain.event (LIKE rewardbook.event INCLUDING ALL);
      GRANT USAGE ON SCHEMA plain TO bench; GRANT INSERT, SELECT ON plain.event TO bench;
      GRANT USAGE, CREATE ON SCHEMA bullmq TO bench`);
    const plain = await startChild(new URL('./plain-handler.ts', import.meta.url), {
      DATABASE_URL: system.serviceUrl,
      ...queue,
    });
    const targets = {
      ours: { url: system.eventsUrl, headers: system.headers },
      floor: { url: plain.url, headers: {} },
    };
    for (const target of Object.values(targets)) {
      await load.requestsPerSecond(target, 10, 2); // compiled, connected
    }

    for (const connections of [50, 100]) {
      const rates = { ours: [] as number[], floor: [] as number[] };
      for (let run = 0; run < runs; run++) {
        rates.floor.push(await load.requestsPerSecond(targets.floor, connections, seconds));
        rates.ours.push(await load.requestsPerSecond(targets.ours, connections, seconds));
      }
      rows.push(row(`single-event POSTs (${load.tool}), ${connections} connections`, rates, 'requests/s'));
    }
    const latencies = { ours: [] as number[], floor: [] as number[] };
    for (let run = 0; run < runs; run++) {
      latencies.ours.push(await paced99th(targets.ours, seconds));
      latencies.floor.push(await paced99th(targets.floor, seconds));
    }
    rows.push(row(`99th percentile at ${PACE_PER_SECOND.toLocaleString('en')} a second`, latencies, 'ms'));
    await plain.stop();
  } finally {
    await system.stop();
    await redis?.stop();
  }
  return rows;
}

/** As Redis is usually run; a job is only a hint here. */
async function flushEverySecond(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.config('SET', 'appendfsync', 'everysec');
  redis.disconnect();
}

function row(
  name: string,
  values: { readonly ours: readonly number[]; readonly floor: readonly number[] },
  unit: BenchRow['unit'],
): BenchRow {
  const ours = median(values.ours);
  const floor = median(values.floor);
  return { name: `${name}, against a plain handler`, ours, floor, ratio: ours / floor, unit };
}

async function paced99th({ url, headers }: Target, seconds: number): Promise<number> {
  const latencies = await postPaced({ url, headers, perSecond: PACE_PER_SECOND, seconds, body: singleEvent });
  return latencies[Math.ceil(latencies.length * 0.99) - 1] ?? Number.NaN;
}
