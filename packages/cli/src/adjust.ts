import { adjustmentOut, reversalOut } from '@rewardbook/contracts/adjustments';
import { describeApproval, orApproval } from './approval-needed.ts';
import type { AdjustOptions, ReverseOptions } from './commands/adjust.ts';
import { findSystem } from './connection.ts';
import { Client, path } from './http.ts';
import type { Io } from './io.ts';
import { printJson, printLine } from './output.ts';
import { grouped } from './table.ts';

/** Adjusts a creator's balance, or says whom it waits for. */
export async function adjust(options: AdjustOptions, io: Io): Promise<void> {
  const { program, creator, kind, amount, reason, reference, data, json } = options;
  const client = new Client(await findSystem(data, io), io.signal);
  const answer = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/adjustments`,
      body: JSON.stringify({ kind, creatorId: creator, amount, reason, reference }),
      contentType: 'application/json',
    },
    orApproval(adjustmentOut),
  );
  client.close();
  if (json) return printJson(io, answer);
  if ('approval' in answer) return printLine(io, describeApproval(program, answer));
  const outcome = answer.repeated ? 'was posted already' : 'posted';
  await printLine(
    io,
    `${kind} of ${answer.currency} ${grouped(answer.amount)} for ${creator} ${outcome} as ${answer.entryKey}`,
  );
}

/** Reverses an entry, or says whom it waits for. */
export async function reverse(entry: string, { program, reason, data, json }: ReverseOptions, io: Io): Promise<void> {
  const client = new Client(await findSystem(data, io), io.signal);
  const answer = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/reversals`,
      body: JSON.stringify({ entryKey: entry, reason }),
      contentType: 'application/json',
    },
    orApproval(reversalOut),
  );
  client.close();
  if (json) return printJson(io, answer);
  if ('approval' in answer) return printLine(io, describeApproval(program, answer));
  await printLine(io, `${entry} ${answer.repeated ? 'was reversed already' : 'reversed'} as ${answer.entryKey}`);
}
