import { requestOut } from '@rewardbook/contracts/approvals';
import type { DecideOptions, ListApprovalsOptions } from './commands/approvals.ts';
import { findSystem } from './connection.ts';
import { differs } from './failure.ts';
import { Client, path } from './http.ts';
import { type Io, write } from './io.ts';
import { printJson, printLine } from './output.ts';
import { allItems } from './pages.ts';
import { describeRequested } from './requested.ts';
import { renderTable } from './table.ts';

/** Prints requests for a second person. */
export async function listApprovals({ program, status, data, json }: ListApprovalsOptions, io: Io): Promise<void> {
  const client = new Client(await findSystem(data, io), io.signal);
  const call = { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/approvals` } as const;
  const requests = await allItems(client, call, requestOut, { status });
  client.close();
  if (json) return printJson(io, { requests });
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

/** Decides a request and says what came of it. @throws CliFailure 1 where it was approved and could not be carried out */
export async function decide(
  verb: 'approve' | 'reject',
  request: number,
  { program, hash, note, data, json }: DecideOptions,
  io: Io,
): Promise<void> {
  const client = new Client(await findSystem(data, io), io.signal);
  const decided = await client.json(
    {
      service: 'ledger',
      scope: 'approve',
      method: 'POST',
      path: path`/v1/programs/${program}/approvals/${String(request)}/${verb}`,
      body: JSON.stringify({ payloadHash: hash, note }),
      contentType: 'application/json',
    },
    requestOut,
  );
  client.close();
  if (json) await printJson(io, decided);
  else
    await printLine(
      io,
      `request ${request} (${describeRequested(decided)}) is ${decided.status}${decided.outcome === null ? '' : `: ${decided.outcome}`}`,
    );
  if (decided.status === 'failed')
    throw differs(`Request ${request} was approved and cannot be carried out: ${decided.outcome}`);
}
