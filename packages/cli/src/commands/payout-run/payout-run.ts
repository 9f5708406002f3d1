import { type RunOut, returnedSchema, runChangedSchema, runDetailSchema } from '@rewardbook/contracts/api/payout-runs';
import { describeApproval, orApproval } from '../../client/approval-needed.ts';
import { type Client, path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import type { KeyScope } from '../../client/connection.ts';
import { printJson, printLine } from '../../files/output.ts';
import { type Io, write } from '../../terminal/io.ts';
import { grouped, groupedCount, renderFacts } from '../../terminal/table.ts';
import type { ApproveRunOptions, ReturnPayoutOptions, RunOptions } from './command.ts';

type RunCommand = 'approve' | 'discard' | 'export' | 'settle';
type ChangedRun = RunOut & { readonly repeated: boolean };

/** Drafts a run and shows its totals. */
export async function draftRun({ program, data, json }: RunOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const run = await client.json(
    { service: 'ledger', scope: 'operate', method: 'POST', path: path`/v1/programs/${program}/payout-runs` },
    runChangedSchema,
  );
  client.close();
  await printRun(run, json, io);
}

/** Approves a draft: only the version with the given hash, or without one the current version. */
export async function approveRun(run: string, { hash, ...options }: ApproveRunOptions, io: Io): Promise<void> {
  const client = await connectToSystem(options.data, io);
  const contentHash = hash ?? (await readRun(client, options.program, run)).contentHash;
  client.close();
  await commandRun('approve', run, { contentHash }, options, io);
}

/** Gives a command on a run and shows the run after it. */
export async function commandRun(
  command: RunCommand,
  run: string,
  body: Readonly<Record<string, string>>,
  { program, data, json }: RunOptions,
  io: Io,
): Promise<void> {
  const client = await connectToSystem(data, io);
  const scope: KeyScope = command === 'approve' ? 'approve' : 'operate';
  const changed = await client.json(
    {
      service: 'ledger',
      scope,
      method: 'POST',
      path: path`/v1/programs/${program}/payout-runs/${run}/${command}`,
      ...(command === 'export' ? {} : { body: JSON.stringify(body), contentType: 'application/json' }),
    },
    runChangedSchema,
  );
  client.close();
  await printRun(changed, json, io);
}

/** Returns a creator's payout and prints what went back. */
export async function returnPayout(
  run: string,
  { program, creator, reason, data, json }: ReturnPayoutOptions,
  io: Io,
): Promise<void> {
  const client = await connectToSystem(data, io);
  const returned = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/payout-runs/${run}/returns`,
      body: JSON.stringify({ creatorId: creator, reason }),
      contentType: 'application/json',
    },
    orApproval(returnedSchema),
  );
  client.close();
  if (json) {
    return printJson(io, returned);
  }
  if ('approval' in returned) {
    return printLine(io, describeApproval(program, returned));
  }
  const { payoutId, net, taxBack, afterSettling, repeated, entryKey } = returned;
  const source = afterSettling ? 'cash' : 'clearing';
  const outcome = repeated ? 'had been returned' : 'returned';
  await printLine(
    io,
    `${payoutId} ${outcome} to ${creator}, who is on hold: ${grouped(net)} out of ${source}, ${grouped(taxBack)} of tax, as ${entryKey}`,
  );
}

export function readRun(client: Client, program: string, run: string) {
  return client.json(
    { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/payout-runs/${run}` },
    runDetailSchema,
  );
}

/** A run's totals, a line each. */
export function describeRun(run: RunOut): string {
  const money = (text: string): string => `${run.currency} ${grouped(text)}`;
  return renderFacts([
    ['run', run.runId],
    ['status', run.status],
    ['payouts', groupedCount(run.payoutCount)],
    ['waiting', groupedCount(run.waitingCount)],
    ['gross', money(run.gross)],
    ['withheld', money(run.withheld)],
    ['net', money(run.net)],
    ...(run.returnedCount === 0
      ? []
      : ([['returned', `${groupedCount(run.returnedCount)}, ${money(run.returned)}`]] as const)),
    ...(run.settled === null ? [] : ([['settled', money(run.settled)]] as const)),
    ['drafted by', run.draftedBy],
    ...(run.approvedBy === null ? [] : ([['approved by', run.approvedBy]] as const)),
    ['content hash', run.contentHash],
  ]);
}

async function printRun(run: ChangedRun, json: boolean, io: Io): Promise<void> {
  if (json) {
    return printJson(io, run);
  }
  if (run.repeated) {
    io.stderr.write('It was done before: nothing changed.\n');
  }
  await write(io.stdout, describeRun(run));
}
