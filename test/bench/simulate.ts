import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { z } from 'zod';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const DUCKDB = fileURLToPath(new URL('./simulate-duckdb.ts', import.meta.url));
const TELL_PEAK = new URL('./tell-peak.mjs', import.meta.url).href;
const SCENARIO = new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url);
const LINES_PER_WRITE = 10_000;
const MEMORY_LIMIT_MIB = 1_200;

// A month in UTC, all of it new, so that the SQL for comparison needs no calendar and no baseline.
const MONTH = '2026-10';
const POOL = '1234567890.12';
const POLICY = {
  program: 'bench',
  name: 'Bench',
  currency: 'IDR',
  timeZone: 'UTC',
  period: 'month',
  revenueShare: '1',
  weights: { like: '1', follow: '5' },
};

const creatorSchema = z.object({ creatorId: z.string(), netLikes: z.int(), netFollows: z.int() });
const simulatedSchema = z.object({ periods: z.array(z.object({ creators: z.array(creatorSchema) })) });
const countsSchema = z.array(z.tuple([z.string(), z.int(), z.int()]));

/** Net likes and follows by creator. */
type Reduced = ReadonlyMap<string, readonly [likes: number, follows: number]>;

interface Run {
  readonly seconds: number;
  readonly peakMib: number;
  readonly reduced: Reduced;
}

/**
 * Offline simulation of a file of events, pro-rata, against DuckDB on two threads that makes the same reduction of the same file in
 * SQL: each in its own process, from start to end. Their runs alternate.
 */
export async function benchSimulate({ events = 10_000_000, runs = 3 } = {}): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-bench-'));
  try {
    const file = join(folder, 'events.ndjson');
    const policy = join(folder, 'policy.json');
    await writeFile(policy, JSON.stringify(POLICY));
    await writeEvents(file, events);
    const ours: Run[] = [];
    const theirs: Run[] = [];
    for (let run = 0; run < runs; run += 1) {
      theirs.push(await duckdb(file));
      ours.push(await simulate(file, policy));
      assertSame(ours.at(-1), theirs.at(-1));
    }
    const speed = (made: readonly Run[]): number => events / median(made.map(({ seconds }) => seconds));
    const memory = (made: readonly Run[]): number => median(made.map(({ peakMib }) => peakMib));
    const what = `simulate ${events.toLocaleString('en')} events, pro-rata`;
    const row = (name: string, unit: string, own: number, floor: number): BenchRow => {
      return { name, ours: own, floor, ratio: own / floor, unit };
    };
    return [
      row(`${what}, against DuckDB on two threads`, 'events/s', speed(ours), speed(theirs)),
      row(`${what}, memory at its peak, against DuckDB`, 'MiB', memory(ours), memory(theirs)),
      row(`${what}, memory at its peak, against the limit`, 'MiB', memory(ours), MEMORY_LIMIT_MIB),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Heavy-tailed events of the seeded generator, with take-backs. */
async function writeEvents(file: string, count: number): Promise<void> {
  const habits = readScenario(await readFile(SCENARIO, 'utf8'));
  const span = { firstPeriod: MONTH, lastPeriod: MONTH, timeZone: 'UTC' };
  const scenario = { ...habits, ...span, events: count, creators: 50_000, viewers: 400_000 };
  const out = createWriteStream(file, { highWaterMark: 1 << 22 });
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    if (!out.write(`${lines.join('\n')}\n`)) {
      await once(out, 'drain');
    }
    lines = [];
  };
  for (const event of generateEvents(scenario)) {
    lines.push(eventLine(event));
    if (lines.length === LINES_PER_WRITE) {
      await flush();
    }
  }
  if (lines.length > 0) {
    await flush();
  }
  out.end();
  await finished(out);
}

async function simulate(file: string, policy: string): Promise<Run> {
  const revenue = ['--revenue', `${MONTH}=${POOL}`];
  const { stdout, ...run } = await timed([CLI, 'simulate', '--policy', policy, '--events', file, ...revenue, '--json']);
  const { periods } = simulatedSchema.parse(JSON.parse(stdout));
  const rows = periods.flatMap(({ creators }) => creators);
  return { ...run, reduced: new Map(rows.map((row) => [row.creatorId, [row.netLikes, row.netFollows]])) };
}

async function duckdb(file: string): Promise<Run> {
  const { stdout, ...run } = await timed([DUCKDB, file, POOL]);
  const rows = countsSchema.parse(JSON.parse(stdout));
  return { ...run, reduced: new Map(rows.map(([creatorId, likes, follows]) => [creatorId, [likes, follows]])) };
}

/** Runs a module in its own process. */
async function timed(args: readonly string[]): Promise<Omit<Run, 'reduced'> & { readonly stdout: string }> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', TELL_PEAK, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  const seconds = (performance.now() - begun) / 1000;
  const peak = /^peak (\d+) kB$/m.exec(stderr)?.[1];
  if (code !== 0 || peak === undefined) {
    throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}`);
  }
  process.stderr.write(`simulate: ${args[0]?.endsWith('main.ts') ? 'ours' : 'DuckDB'} ${seconds.toFixed(1)} s\n`);
  return { stdout, seconds, peakMib: Number(peak) / 1024 };
}

function assertSame(ours: Run | undefined, theirs: Run | undefined): void {
  if (ours === undefined || theirs === undefined) {
    throw new Error('nothing was measured');
  }
  const other = [...theirs.reduced].find(([creatorId, counts]) => {
    return String(ours.reduced.get(creatorId)) !== String(counts);
  });
  if (other !== undefined || ours.reduced.size !== theirs.reduced.size) {
    throw new Error(`DuckDB has other counts: ${other}, here ${ours.reduced.get(other?.[0] ?? '')}`);
  }
}
