import { adjustmentOutSchema, reversalOutSchema } from '@rewardbook/contracts/api/adjustments';
import { describeApproval, orApproval } from '../../client/approval-needed.ts';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { printJson, printLine } from '../../files/output.ts';
import type { Io } from '../../terminal/io.ts';
import { grouped } from '../../terminal/table.ts';
import type { AdjustOptions, ReverseOptions } from './command.ts';

/** Adjusts a creator's balance, or says who has to approve it. */
export async function adjust(options: AdjustOptions, io: Io): Promise<void> {
  const { program, creator, kind, amount, reason, reference, data, json } = options;
  const client = await connectToSystem(data, io);
  const answer = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/adjustments`,
      body: JSON.stringify({ kind, creatorId: creator, amount, reason, reference }),
      contentType: 'application/json',
    },
    orApproval(adjustmentOutSchema),
  );
  client.close();
  if (json) {
    return printJson(io, answer);
  }
  if ('approval' in answer) {
    return printLine(io, describeApproval(program, answer));
  }
  const outcome = answer.repeated ? 'was posted already' : 'posted';
  await printLine(
    io,
    `${kind} of ${answer.currency} ${grouped(answer.amount)} for ${creator} ${outcome} as ${answer.entryKey}`,
  );
}

/** Reverses an entry, or says who has to approve it. */
export async function reverse(entry: string, { program, reason, data, json }: ReverseOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const answer = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/reversals`,
      body: JSON.stringify({ entryKey: entry, reason }),
      contentType: 'application/json',
    },
    orApproval(reversalOutSchema),
  );
  client.close();
  if (json) {
    return printJson(io, answer);
  }
  if ('approval' in answer) {
    return printLine(io, describeApproval(program, answer));
  }
  await printLine(io, `${entry} ${answer.repeated ? 'was reversed already' : 'reversed'} as ${answer.entryKey}`);
}
