import type { IngestLive, IngestRates, IngestSecond, TallyLag } from '@rewardbook/contracts/api/live/ingest';
import type { Sql } from '@rewardbook/db/client';
import { listBatches } from './batch-list.ts';

/** Seconds that rates tell of. */
const WINDOW_SECONDS = 60;
/** Batches looked at, from the newest on: ten times what large streams make in a minute. */
const MAX_BATCHES = 3_000;
const MAX_UNTALLIED = 10_000;
const BATCHES_SHOWN = 20;

/** How the ingest of a program is, in three statements of a few milliseconds, whatever is recorded. */
export async function readIngestLive(sql: Sql, programId: number): Promise<IngestLive> {
  const { lag, ...recorded } = await readRecorded(sql, programId);
  const { untallied, oldestAt, newestRefusal, rejected } = await readRest(sql, programId);
  const { batches } = await listBatches(sql, programId, { state: 'all', order: 'desc', limit: BATCHES_SHOWN });
  return {
    rates: withRejected(recorded, rejected),
    tally: { ...lag, untallied, oldestAt: oldestAt?.toISOString() ?? null },
    batches,
    refused: { newest: newestRefusal },
  };
}

type RecordedSecond = Omit<IngestSecond, 'rejected'>;
type RejectedSecond = Pick<IngestSecond, 'second' | 'rejected'>;

interface Recorded {
  readonly now: number;
  readonly from: number;
  readonly seconds: readonly RecordedSecond[];
  readonly lag: Omit<TallyLag, 'untallied' | 'oldestAt'>;
}

/** Rates and lag from the newest batches; their numbers are in the order of time but for a few seconds. */
async function readRecorded(sql: Sql, programId: number): Promise<Recorded> {
  const [row] = await sql<
    {
      now: number;
      looked: number;
      oldest: number | null;
      seconds: RecordedSecond[] | null;
      tallied: number;
      lags: number[] | null;
    }[]
  >`
    WITH newest AS MATERIALIZED (
      SELECT accepted, duplicates, conflicts, sealed_at, tallied_at FROM ingest_batch
      WHERE program_id = ${programId} ORDER BY batch_id DESC LIMIT ${MAX_BATCHES}
    ), by_second AS (
      SELECT extract(epoch FROM date_trunc('second', sealed_at))::integer AS second,
             sum(accepted)::integer AS accepted, sum(duplicates)::integer AS duplicates, sum(conflicts)::integer AS conflicts
      FROM newest WHERE sealed_at >= date_trunc('second', clock_timestamp()) - make_interval(secs => ${WINDOW_SECONDS})
      GROUP BY 1 ORDER BY 1
    ), lag AS (
      SELECT 1000 * extract(epoch FROM tallied_at - sealed_at) AS ms FROM newest
      WHERE accepted > 0 AND tallied_at >= clock_timestamp() - make_interval(secs => ${WINDOW_SECONDS})
    )
    SELECT floor(extract(epoch FROM clock_timestamp()))::integer AS now,
           (SELECT count(*)::integer FROM newest) AS looked,
           (SELECT floor(extract(epoch FROM min(sealed_at)))::integer FROM newest) AS oldest,
           (SELECT json_agg(by_second) FROM by_second) AS seconds,
           (SELECT count(*)::integer FROM lag) AS tallied,
           (SELECT percentile_disc(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY ms)::float8[] FROM lag) AS lags`;
  if (row === undefined) {
    throw new Error('no row of rates');
  }
  const { now, looked, oldest, seconds, tallied, lags } = row;
  const from = now - WINDOW_SECONDS;
  const rounded = (lags ?? []).map((ms) => Math.max(0, Math.round(ms)));
  const [medianMs = null, p95Ms = null, maxMs = null] = rounded;
  return {
    now,
    // Where the batches do not reach back a minute, their first second may be told in part.
    from: looked === MAX_BATCHES && oldest !== null && oldest >= from ? oldest + 1 : from,
    seconds: seconds ?? [],
    lag: { tallied, medianMs, p95Ms, maxMs },
  };
}

interface Rest {
  readonly untallied: number;
  readonly oldestAt: Date | null;
  readonly newestRefusal: string | null;
  readonly rejected: readonly RejectedSecond[] | null;
}

async function readRest(sql: Sql, programId: number): Promise<Rest> {
  const [row] = await sql<Rest[]>`
    SELECT due.count AS untallied, due.oldest AS "oldestAt",
           (SELECT refusal_id::text FROM refused_event WHERE program_id = ${programId} ORDER BY refusal_id DESC LIMIT 1)
             AS "newestRefusal",
           (SELECT json_agg(json_build_object('second', extract(epoch FROM second)::integer, 'rejected', rejected))
            FROM rejected_second WHERE program_id = ${programId}
              AND second >= date_trunc('second', clock_timestamp()) - make_interval(secs => ${WINDOW_SECONDS})) AS rejected
    FROM (
      SELECT count(*)::integer AS count, min(sealed_at) AS oldest FROM (
        SELECT sealed_at FROM ingest_batch WHERE tallied_at IS NULL AND program_id = ${programId} AND accepted > 0
        LIMIT ${MAX_UNTALLIED}
      ) AS bounded
    ) AS due`;
  if (row === undefined) {
    throw new Error('no row of what is due');
  }
  return row;
}

function withRejected({ now, from, seconds }: Omit<Recorded, 'lag'>, rejected: Rest['rejected']): IngestRates {
  const bySecond = new Map<number, IngestSecond>(seconds.map((one) => [one.second, { ...one, rejected: 0 }]));
  for (const { second, rejected: count } of rejected ?? []) {
    const there = bySecond.get(second) ?? { second, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
    bySecond.set(second, { ...there, rejected: count });
  }
  const told = [...bySecond.values()].filter(({ second }) => second >= from && second < now);
  return { now, from, seconds: told.sort((a, b) => a.second - b.second) };
}
