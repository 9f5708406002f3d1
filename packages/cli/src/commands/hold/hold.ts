import { holdOutSchema, holdSetSchema } from '@rewardbook/contracts/api/holds';
import { describeApproval, orApproval } from '../../client/approval-needed.ts';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { allItems } from '../../client/pages.ts';
import { printJson, printLine } from '../../files/output.ts';
import { type Io, write } from '../../terminal/io.ts';
import { renderTable } from '../../terminal/table.ts';
import type { ListHoldsOptions, SetHoldOptions } from './command.ts';

/** Places or lifts a hold and says whether the creator is on hold. */
export async function setHold(action: 'place' | 'lift', options: SetHoldOptions, io: Io): Promise<void> {
  const { program, creator, reason, note, data, json } = options;
  const client = await connectToSystem(data, io);
  const body = { creatorId: creator, action, reason, ...(note === undefined ? {} : { note }) };
  const outcome = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/holds`,
      body: JSON.stringify(body),
      contentType: 'application/json',
    },
    orApproval(holdSetSchema),
  );
  client.close();
  if (json) {
    return printJson(io, outcome);
  }
  if ('approval' in outcome) {
    return printLine(io, describeApproval(program, outcome));
  }
  if (outcome.repeated) {
    io.stderr.write(
      `Nothing to do: ${action === 'place' ? 'the hold was in force already' : 'no such hold was in force'}.\n`,
    );
  }
  await printLine(io, `${creator} is ${outcome.isOnHold ? 'on hold' : 'not on hold'}`);
}

/** Prints holds in force, or the whole history. */
export async function listHolds({ program, creator, all, data, json }: ListHoldsOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const call = { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/holds` } as const;
  const holds = await allItems(client, call, holdOutSchema, { creator, inForce: String(!all) });
  client.close();
  if (json) {
    return printJson(io, { holds });
  }
  const columns = [
    { title: 'at' },
    { title: 'creator' },
    { title: 'action' },
    { title: 'reason' },
    { title: 'by' },
    { title: 'note' },
  ];
  const rows = holds.map(({ at, creatorId, action, reason, actor, note }) => [
    at,
    creatorId,
    action,
    reason,
    actor,
    note ?? '',
  ]);
  await write(io.stdout, holds.length === 0 ? 'Nobody is on hold.\n' : renderTable(columns, rows));
}
