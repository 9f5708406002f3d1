import { once } from 'node:events';
import { request } from 'node:http';
import { type PayingSystem, startPayingSystem } from './paying-system.ts';
import { forgetPeak, peakMib } from './peak-memory.ts';
import type { BenchRow } from './row.ts';

// What is asked for.
const LIMIT_S = 60;
const LIMIT_MIB = 300;

// Ten creators in twelve earn: 100,000 and 1,000,000 of them.
const SMALL = { creators: 120_000, events: 200_000 };
const LARGE = { creators: 1_200_000, events: 1_300_000 };
/** Draft, approve, mark exported, payment CSV, pain.001. */
const STEPS_OF_EXPORT = 5;
const PAIN = 'format=pain001&debtorAccount=ID0001';

/** What was done, how long it took, and the peak memory of the process that did it. */
interface Step {
  readonly what: string;
  readonly seconds: number;
  readonly mib: number;
}

interface Sizes {
  readonly payouts: number;
  readonly steps: readonly Step[];
}

/**
 * Payout runs through the services, each in its own process: draft, approve and export of 100,000 payouts within a
 * minute; reports and files of 1,000,000 rows, streamed; peak memory of the process that does it, which ten times the
 * rows leave unchanged.
 */
export async function benchPayoutRun(): Promise<BenchRow[]> {
  const small = await measure(SMALL.creators, SMALL.events);
  const large = await measure(LARGE.creators, LARGE.events);
  const rows: BenchRow[] = [];
  const name = ({ payouts }: Sizes, what: string): string =>
    `payout run of ${payouts.toLocaleString('en-US')}: ${what}`;
  const untilExported = small.steps.slice(0, STEPS_OF_EXPORT).reduce((sum, { seconds }) => sum + seconds, 0);
  rows.push(beside(name(small, 'draft, approve, export with both payment files'), untilExported, LIMIT_S, 's'));
  for (const sizes of [small, large]) {
    for (const { what, mib } of sizes.steps) {
      rows.push(beside(name(sizes, `${what}, memory`), mib, LIMIT_MIB, 'MiB'));
    }
  }
  const scale = large.payouts / small.payouts;
  for (const [index, { what, seconds }] of large.steps.entries()) {
    const floor = scale * (small.steps[index]?.seconds ?? Number.NaN);
    rows.push(beside(name(large, `${what}, beside ${scale.toFixed(1)} times the small one's`), seconds, floor, 's'));
  }
  return rows;
}

function beside(name: string, ours: number, floor: number, unit: string): BenchRow {
  return { name, ours, floor, ratio: ours / floor, unit };
}

async function measure(creators: number, events: number): Promise<Sizes> {
  process.stderr.write(`payout-run: making and closing a month of ${creators.toLocaleString('en-US')} creators\n`);
  const system = await startPayingSystem(creators, events);
  try {
    await system.close();
    const steps: Step[] = [];
    const step = async <T>(what: string, pid: number, act: () => Promise<T>): Promise<T> => {
      await forgetPeak(pid);
      const startedAtMs = performance.now();
      const outcome = await act();
      const seconds = (performance.now() - startedAtMs) / 1000;
      steps.push({ what, seconds, mib: await peakMib(pid) });
      process.stderr.write(`payout-run: ${JSON.stringify(steps.at(-1))}\n`);
      return outcome;
    };
    const { ask, ledger, reports } = system;
    const draft = await step('draft', ledger.pid, () => ask('POST', 'payout-runs'));
    const run = `payout-runs/${draft.runId}`;
    await step('approve', ledger.pid, () => ask('POST', `${run}/approve`, { contentHash: draft.contentHash }, true));
    await step('mark exported', ledger.pid, () => ask('POST', `${run}/export`));
    const files: readonly [string, string][] = [
      ['payment CSV', `payments?run=${draft.runId}&format=csv`],
      ['pain.001', `payments?run=${draft.runId}&${PAIN}`],
      ['payouts report as CSV', 'payouts?format=csv'],
      ['payouts report as XLSX', 'payouts?format=xlsx'],
      ['journal for hledger', 'journal?format=hledger'],
    ];
    for (const [what, path] of files) {
      const bytes = await step(what, reports.pid, () => download(system, path));
      process.stderr.write(`payout-run: ${what}, ${(bytes / 1e6).toFixed(1)} MB\n`);
    }
    await step('settle', ledger.pid, () => ask('POST', `${run}/settle`, { reference: 'bank' }));
    return { payouts: Number(draft.payoutCount), steps };
  } finally {
    await system.stop();
  }
}

/** Reads a report to its end without keeping it; gives its length in bytes. */
async function download({ reportsUrl, authorization }: PayingSystem, path: string): Promise<number> {
  const asking = request(`${reportsUrl}/${path}`, { headers: { authorization } });
  asking.end();
  const [response] = await once(asking, 'response');
  if (response.statusCode !== 200) {
    throw new Error(`${path} answers ${response.statusCode}`);
  }
  let bytes = 0;
  for await (const piece of response) {
    bytes += piece.length;
  }
  return bytes;
}
