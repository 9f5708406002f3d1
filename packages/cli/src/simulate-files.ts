import { parseCreatorsCsv } from '@rewardbook/contracts/creators-csv';
import { parseEvent } from '@rewardbook/contracts/event';
import { describeIssues } from '@rewardbook/contracts/issue';
import type { RegisteredCreator } from '@rewardbook/domain/creator';
import { DomainError } from '@rewardbook/domain/error';
import { type Policy, policyHash } from '@rewardbook/domain/policy';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import { createSimulation, type Simulation } from '@rewardbook/simulate/simulate';
import type { SimulateOptions } from './commands/simulate.ts';
import { Interrupted, wrongInput } from './failure.ts';
import { openInput } from './input.ts';
import { type Io, write } from './io.ts';
import { type Line, readLines } from './lines.ts';
import type { RevenueArgument } from './options.ts';
import { describeResult } from './period-result.ts';
import { readPolicy } from './policy-file.ts';
import { startProgress } from './progress.ts';
import { groupedCount } from './table.ts';

const REFUSED_SHOWN = 10;

// As the ingest service reads: bytes that are not UTF-8 are refused, not replaced.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What became of the lines of an events file. */
interface LineCounts {
  read: number;
  accepted: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
}

/** Simulates a program from files and prints its periods. */
export async function simulateFiles(options: SimulateOptions, io: Io): Promise<void> {
  const policy = await readPolicy(options.policy, io);
  const hash = policyHash(policy);
  const creators = options.creators === undefined ? [] : await readCreators(options.creators, io);
  const revenue = revenueOf(options.revenue, policy);
  try {
    const policies = [{ policy, policyHash: hash, validFrom: null }];
    const simulation = createSimulation({ policies, creators, revenue });
    await addEvents(simulation, options.events, io);
    await print(simulation, { program: policy.program, policyHash: hash }, options.json, io);
  } catch (error) {
    throw error instanceof DomainError ? wrongInput(error.message, error) : error;
  }
}

/** Revenue by period in minor units; several amounts for one period add up. */
function revenueOf(given: readonly RevenueArgument[], policy: Policy): Map<string, bigint> {
  const currency = currencyOf(policy.currency);
  const revenue = new Map<string, bigint>();
  for (const { period, amount } of given) {
    try {
      revenue.set(period, (revenue.get(period) ?? 0n) + parseAmount(amount, currency));
    } catch (error) {
      throw error instanceof MoneyError ? wrongInput(`--revenue ${period}: ${error.message}`, error) : error;
    }
  }
  return revenue;
}

async function readCreators(file: string, io: Io): Promise<RegisteredCreator[]> {
  const input = await openInput(file, io);
  const parsed = await parseCreatorsCsv(input.chunks());
  if (parsed.ok) return parsed.value;
  throw wrongInput(`${input.name} is not a creators file:\n${describeIssues(parsed.issues)}`);
}

async function addEvents(simulation: Simulation, file: string, io: Io): Promise<void> {
  const input = await openInput(file, io);
  const counts: LineCounts = { read: 0, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
  const progress = startProgress(io.stderr, 'events', input.size);
  try {
    for await (const line of readLines(input.chunks())) {
      addLine(simulation, line, counts, io);
      if (counts.read % 10_000 === 0) progress.update(input.bytesRead(), groupedCount(counts.read));
      if (io.signal.aborted) throw new Interrupted();
    }
  } finally {
    progress.stop();
  }
  const { read, accepted, duplicates, conflicts, rejected } = counts;
  io.stderr.write(
    `${groupedCount(read)} events: ${groupedCount(accepted)} accepted, ${groupedCount(duplicates)} duplicates, ` +
      `${groupedCount(conflicts)} conflicts, ${groupedCount(rejected)} rejected\n`,
  );
  if (rejected > 0 && rejected === read) throw wrongInput(`No line of ${input.name} is an event`);
}

function addLine(simulation: Simulation, { bytes, number }: Line, counts: LineCounts, io: Io): void {
  counts.read += 1;
  const parsed = parseLine(bytes);
  if (!parsed.ok) {
    counts.rejected += 1;
    if (counts.rejected <= REFUSED_SHOWN) io.stderr.write(`line ${number}: ${parsed.code}: ${parsed.message}\n`);
    return;
  }
  switch (simulation.add(parsed.event)) {
    case 'accepted':
      counts.accepted += 1;
      return;
    case 'duplicate':
      counts.duplicates += 1;
      return;
    case 'conflict':
      counts.conflicts += 1;
      if (counts.conflicts > REFUSED_SHOWN) return;
      io.stderr.write(`line ${number}: conflict: this event was given before with other contents; the first stands\n`);
  }
}

function parseLine(bytes: Buffer) {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    return { ok: false as const, code: 'malformed-json', message: 'this line is not JSON in UTF-8' };
  }
  return parseEvent(value);
}

/** Period by period: the results of a long program are never in memory together. */
async function print(
  simulation: Simulation,
  { program, policyHash }: { readonly program: string; readonly policyHash: string },
  json: boolean,
  io: Io,
): Promise<void> {
  if (json) await write(io.stdout, `{"program":${JSON.stringify(program)},"policyHash":"${policyHash}","periods":[`);
  let separator = '';
  for (const period of simulation.closes()) {
    if (json) await write(io.stdout, `${separator}${JSON.stringify(period)}`);
    else await write(io.stdout, `${separator}${describeResult(period)}`);
    separator = json ? ',' : '\n';
  }
  if (json) await write(io.stdout, ']}\n');
}
