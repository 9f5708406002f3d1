import { payoutOutSchema, runOutSchema } from '@rewardbook/contracts/api/payout-runs';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { allItems, eachItem } from '../../client/pages.ts';
import { printJson } from '../../files/output.ts';
import { type Io, write } from '../../terminal/io.ts';
import { grouped, groupedCount, renderTable } from '../../terminal/table.ts';
import type { RunOptions, ShowRunOptions } from './command.ts';
import { describeRun, readRun } from './payout-run.ts';

/** Payouts shown to people; JSON has them all. */
const SHOWN = 50;

/** Prints all runs of a program. */
export async function listRuns({ program, data, json }: RunOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const call = { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/payout-runs` } as const;
  const runs = await allItems(client, call, runOutSchema);
  client.close();
  if (json) {
    return printJson(io, { runs });
  }
  const columns = [
    { title: 'run' },
    { title: 'status' },
    { title: 'payouts', align: 'right' },
    { title: 'waiting', align: 'right' },
    { title: 'net', align: 'right' },
    { title: 'drafted by' },
    { title: 'approved by' },
  ] as const;
  const rows = runs.map((run) => [
    run.runId,
    run.status,
    groupedCount(run.payoutCount),
    groupedCount(run.waitingCount),
    grouped(run.net),
    run.draftedBy,
    run.approvedBy ?? '',
  ]);
  await write(io.stdout, runs.length === 0 ? 'There are no payout runs.\n' : renderTable(columns, rows));
}

/** Prints a run with its decisions and payouts. */
export async function showRun(run: string, { program, status, data, json }: ShowRunOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const detail = await readRun(client, program, run);
  const call = {
    service: 'ledger',
    scope: 'read',
    path: path`/v1/programs/${program}/payout-runs/${run}/payouts`,
  } as const;
  const payouts = eachItem(client, call, payoutOutSchema, { status });
  if (json) {
    await write(io.stdout, `${JSON.stringify(detail).slice(0, -1)},"payouts":[`);
    let separator = '';
    for await (const payout of payouts) {
      await write(io.stdout, separator + JSON.stringify(payout));
      separator = ',';
    }
    await write(io.stdout, ']}\n');
    client.close();
    return;
  }
  const rows: string[][] = [];
  let left = 0;
  for await (const { payoutId, creatorId, gross, withheld, net, ...payout } of payouts) {
    if (rows.length === SHOWN) {
      left += 1;
    } else {
      rows.push([
        payoutId ?? '',
        creatorId,
        grouped(gross),
        grouped(withheld),
        grouped(net),
        payout.status,
        payout.reason ?? '',
      ]);
    }
  }
  client.close();
  const columns = [
    { title: 'payout' },
    { title: 'creator' },
    { title: 'gross', align: 'right' },
    { title: 'withheld', align: 'right' },
    { title: 'net', align: 'right' },
    { title: 'status' },
    { title: 'reason' },
  ] as const;
  const decisions = detail.decisions.map(({ at, decision, actor, note }) => [at, decision, actor, note ?? '']);
  const decided = renderTable([{ title: 'at' }, { title: 'decision' }, { title: 'by' }, { title: 'note' }], decisions);
  const rest = left === 0 ? '' : `… and ${groupedCount(left)} more; --json shows them all\n`;
  await write(io.stdout, `${describeRun(detail)}\n${decided}\n${renderTable(columns, rows)}${rest}`);
}
