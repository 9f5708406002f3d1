import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchBrowser } from './browser.ts';
import { benchClose } from './close.ts';
import { benchConsoleLab } from './console-lab.ts';
import { benchConsoleTables } from './console-tables.ts';
import { benchIngest } from './ingest.ts';
import { benchLive } from './live.ts';
import { benchPayoutRun } from './payout-run.ts';
import { benchPostings } from './postings.ts';
import type { BenchRow } from './row.ts';
import { benchSimulate } from './simulate.ts';
import { benchSingleEvents } from './single-events.ts';
import { benchSplit } from './split.ts';
import { benchWhatIf } from './what-if.ts';

const USAGE = `Usage: pnpm bench [--json] [NAME …]

Runs the benchmarks (all, or those named) and prints each figure beside its floor or peer from the same run.
Nothing else should run on the machine. All of them take about 30 minutes.

  split          split of a pool over 1,000,000 creators, beside the bare bigint division loop
  ingest         1,000,000 NDJSON events over HTTP, beside psql doing the same work
  live           the same events while 50 people watch them arrive, beside nobody
  single-events  single-event POSTs, beside a plain handler with an insert and a job an event
  close          closes of 1,000,000 and 10,000,000 events, each phase beside plain SQL, and memory
  payout-run     draft, approve and export of 100,000 payouts; reports and files of 1,000,000 rows, and memory
  simulate       offline simulation of 10,000,000 events, beside DuckDB doing the same reduction, and memory
  what-if        a further policy on events that were looked at, beside a simulation of its own
  console-lab    a change of policy in the lab's page over 100,000 creators, until figures and charts stand
  browser        a policy change over 100,000 creators in Chromium, beside Node
  console-tables lists of 1,000,000 rows in the console in Chromium: first page, jump, sorts; and the first view
  postings       movements posted by a close and a payout run, beside a plain SQL double-entry ledger

  --json   the machine and all rows as JSON on stdout; progress goes to stderr
  --help   this text`;

const BENCHES: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  split: benchSplit,
  ingest: benchIngest,
  live: benchLive,
  'single-events': benchSingleEvents,
  close: benchClose,
  'payout-run': benchPayoutRun,
  simulate: benchSimulate,
  'what-if': benchWhatIf,
  'console-lab': benchConsoleLab,
  browser: benchBrowser,
  'console-tables': benchConsoleTables,
  postings: benchPostings,
};

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}\n`);
  process.exit(2);
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${process.platform}`;
}

function formatFigure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

function parsed(): { json: boolean; names: string[] } {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return { json: values.json, names: positionals };
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

const { json, names } = parsed();
const unknown = names.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  fail(`There is no benchmark ${unknown}.`);
}

const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) {
    continue;
  }
  process.stderr.write(`${name} …\n`);
  const measured = await bench();
  rows.push(...measured);
  for (const row of json ? [] : measured) {
    console.log(
      `${row.name.padEnd(84)} ${formatFigure(row.ours)} ${row.unit}, floor ${formatFigure(row.floor)}: ${row.ratio.toFixed(2)}`,
    );
  }
}
if (json) {
  console.log(JSON.stringify({ machine: machine(), rows }, null, 2));
} else {
  console.log(machine());
}
