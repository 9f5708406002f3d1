import autocannon from 'autocannon';
import { Redis } from 'ioredis';
import { redisMissing, startRedisServer } from '../support/redis-server.ts';
import { startChild } from './child.ts';
import { startIngestSystem } from './ingest-system.ts';
import { median } from './median.ts';
import { postPaced } from './paced-load.ts';
import type { BenchRow } from './row.ts';

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PACE_PER_SECOND = 2_000;

let sent = 0;
/** A new event each time. */
function nextBody(): string {
  sent += 1;
  return `{"id":"e${String(sent).padStart(12, '0')}","source":"app","type":"like","viewerId":"v${sent % 10_007}","creatorId":"c${sent % 997}","contentId":"k${sent % 4_999}","occurredAt":"2026-09-01T00:00:00.000Z"}`;
}

/**
 * Single-event POSTs, each answered when it is durable, against a handler with one insert and one job an event, on the same Postgres
 * and the same queue: requests a second at 50 and 100 connections, and the 99th percentile at an even 2,000 a second. Runs of both
 * take turns.
 */
export async function benchSingleEvents({ runs = 3, seconds = 5 } = {}): Promise<BenchRow[]> {
  const redis = redisMissing === undefined ? await startRedisServer() : undefined;
  if (redis !== undefined) await flushEverySecond(redis.url);
  const queue = redis === undefined ? {} : { REDIS_URL: redis.url };
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
    for (const target of Object.values(targets)) await requestsPerSecond(target, 10, 2); // compiled, connected

    for (const connections of [50, 100]) {
      const rates = { ours: [] as number[], floor: [] as number[] };
      for (let run = 0; run < runs; run++) {
        rates.floor.push(await requestsPerSecond(targets.floor, connections, seconds));
        rates.ours.push(await requestsPerSecond(targets.ours, connections, seconds));
      }
      rows.push(row(`single-event POSTs, ${connections} connections`, rates, 'requests/s'));
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

async function requestsPerSecond({ url, headers }: Target, connections: number, seconds: number): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        setupRequest: (request) => ({ ...request, body: nextBody() }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return result['2xx'] / result.duration;
}

async function paced99th({ url, headers }: Target, seconds: number): Promise<number> {
  const latencies = await postPaced({ url, headers, perSecond: PACE_PER_SECOND, seconds, body: nextBody });
  return latencies[Math.ceil(latencies.length * 0.99) - 1] ?? Number.NaN;
}
