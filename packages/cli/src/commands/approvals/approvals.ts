import { requestOutSchema } from '@rewardbook/contracts/api/approvals';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { allItems } from '../../client/pages.ts';
import { describeRequested } from '../../client/requested.ts';
import { printJson, printLine } from '../../files/output.ts';
import { mismatchError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { renderTable } from '../../terminal/table.ts';
import type { DecideOptions, ListApprovalsOptions } from './command.ts';

/** Prints requests for a second person. */
export async function listApprovals({ program, status, data, json }: ListApprovalsOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const call = { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/approvals` } as const;
  const requests = await allItems(client, call, requestOutSchema, { status });
  client.close();
  if (json) {
    return printJson(io, { requests });
  }
  const columns = [
    { title: 'request', align: 'right' },
    { title: 'status' },
    { title: 'what' },
    { title: 'asked by' },
    { title: 'decided by' },
    { title: 'outcome' },
  ] as const;
  const rows = requests.map((request) => [
    String(request.request),
    request.status,
    describeRequested(request),
    request.requestedBy,
    request.decidedBy ?? '',
    request.outcome ?? '',
  ]);
  await write(io.stdout, requests.length === 0 ? 'There are no requests.\n' : renderTable(columns, rows));
}

/** Decides a request and prints its outcome. @throws CliFailure 1 where it was approved and could not be carried out */
export async function decide(
  verb: 'approve' | 'reject',
  request: number,
  { program, hash, note, data, json }: DecideOptions,
  io: Io,
): Promise<void> {
  const client = await connectToSystem(data, io);
  const decided = await client.json(
    {
      service: 'ledger',
      scope: 'approve',
      method: 'POST',
      path: path`/v1/programs/${program}/approvals/${String(request)}/${verb}`,
      body: JSON.stringify({ payloadHash: hash, note }),
      contentType: 'application/json',
    },
    requestOutSchema,
  );
  client.close();
  if (json) {
    await printJson(io, decided);
  } else {
    await printLine(
      io,
      `request ${request} (${describeRequested(decided)}) is ${decided.status}${decided.outcome === null ? '' : `: ${decided.outcome}`}`,
    );
  }
  if (decided.status === 'failed') {
    throw mismatchError(`Request ${request} was approved and cannot be carried out: ${decided.outcome}`);
  }
}
