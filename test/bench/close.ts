import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect } from '@rewardbook/db/client';
import { startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { type CloseCase, prepareBooks, serviceUrl, withDatabase } from './close-books.ts';
import { FLOORS, measureFloors } from './close-floors.ts';
import type { MeasuredClose } from './close-service.ts';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

interface Run {
  readonly ours: MeasuredClose;
  readonly floors: Record<string, number>;
}

const CASES: readonly CloseCase[] = [
  { events: 1_000_000, creators: 100_000, method: 'pro-rata', runs: 3 },
  { events: 1_000_000, creators: 100_000, method: 'user-centric', runs: 3 },
  { events: 1_000_000, creators: 1_000_000, method: 'pro-rata', runs: 3 },
  { events: 10_000_000, creators: 100_000, method: 'pro-rata', runs: 1 },
];
const SERVICE = fileURLToPath(new URL('./close-service.ts', import.meta.url));

/**
 * Closes of a month, through the service (in its own process), each phase compared with plain SQL that reads, reduces
 * and writes the same rows on a copy of the same database; and what ten times the events cost in time and memory.
 */
export async function benchClose(cases: readonly CloseCase[] = CASES): Promise<BenchRow[]> {
  const server = await startEmbeddedPostgres();
  try {
    const rows: BenchRow[] = [];
    const measured = new Map<CloseCase, Run[]>();
    for (const [index, wanted] of cases.entries()) {
      const runs = await measure(server.url, `close_case_${index}`, wanted);
      measured.set(wanted, runs);
      rows.push(...phaseRows(wanted, runs));
    }
    rows.push(...growthRows(measured));
    return rows;
  } finally {
    await server.stop();
  }
}

async function measure(adminUrl: string, template: string, wanted: CloseCase): Promise<Run[]> {
  const { key } = createKey();
  progress(`close: making ${count(wanted.events)} events for ${count(wanted.creators)} creators`);
  await prepareBooks(adminUrl, template, key, wanted);
  const admin = connect(adminUrl, { max: 1, statementTimeoutMs: 3_600_000 });
  const runs: Run[] = [];
  for (let run = 0; run < wanted.runs; run += 1) {
    // A copy for each, so that neither has the other's rows in its tables.
    await admin.unsafe(`CREATE DATABASE close_floor TEMPLATE ${template}`);
    const plain = connect(withDatabase(adminUrl, 'close_floor'), { max: 1, statementTimeoutMs: 3_600_000 });
    const floors = await measureFloors(plain);
    await plain.end();
    await admin.unsafe('DROP DATABASE close_floor');
    await admin.unsafe(`CREATE DATABASE close_ours TEMPLATE ${template}`);
    const ours = await closeInService(serviceUrl(withDatabase(adminUrl, 'close_ours')), key);
    await admin.unsafe('DROP DATABASE close_ours WITH (FORCE)');
    runs.push({ ours, floors });
    progress(
      `close: ${ours.seconds.toFixed(1)} s for ${count(ours.creators)} allocations, ${JSON.stringify(ours.phases)}`,
    );
  }
  await admin.unsafe(`DROP DATABASE ${template}`);
  await admin.end();
  return runs;
}

async function closeInService(databaseUrl: string, key: string): Promise<MeasuredClose> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', SERVICE, databaseUrl, key]);
  return JSON.parse(stdout);
}

function phaseRows({ events, creators, method }: CloseCase, runs: readonly Run[]): BenchRow[] {
  const name = (what: string): string =>
    `close ${method}, ${count(events)} events, ${count(creators)} creators: ${what}`;
  const phases = FLOORS.map(({ phase }) => phase);
  const rows = phases.map((phase) =>
    row(
      name(phase === 'counting alone' ? 'fold beside counting alone' : phase),
      median(runs.map(({ ours }) => ours.phases[phase === 'counting alone' ? 'fold' : phase] ?? Number.NaN)),
      median(runs.map(({ floors }) => floors[phase] ?? Number.NaN)),
      's',
    ),
  );
  const total = (floors: Record<string, number>): number =>
    phases.filter((phase) => phase !== 'counting alone').reduce((sum, phase) => sum + (floors[phase] ?? 0), 0);
  const ours = median(runs.map((run) => run.ours.seconds));
  const floor = median(runs.map((run) => total(run.floors)));
  const peak = median(runs.map((run) => run.ours.peakMib));
  const rest = median(runs.map((run) => run.ours.restMib));
  return [
    ...rows,
    row(name('all, from request to closed'), ours, floor, 's'),
    row(name('peak memory of the service, against its memory at rest'), peak, rest, 'MiB'),
  ];
}

/** Ten times the events for as many creators: at most 11 times the time, the service's memory flat. */
function growthRows(measured: ReadonlyMap<CloseCase, readonly Run[]>): BenchRow[] {
  const rows: BenchRow[] = [];
  for (const [small, few] of measured) {
    for (const [large, many] of measured) {
      const isSame = large.creators === small.creators && large.method === small.method;
      if (!isSame || large.events !== 10 * small.events) {
        continue;
      }
      const seconds = (runs: readonly Run[]): number => median(runs.map(({ ours }) => ours.seconds));
      const peak = (runs: readonly Run[]): number => median(runs.map(({ ours }) => ours.peakMib));
      rows.push(
        row('close, ten times the events: time, beside 10 times', seconds(many) / seconds(few), 10, 'times'),
        row('close, ten times the events: peak memory', peak(many), peak(few), 'MiB'),
      );
    }
  }
  return rows;
}

function row(name: string, ours: number, floor: number, unit: string): BenchRow {
  return { name, ours, floor, ratio: ours / floor, unit };
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
