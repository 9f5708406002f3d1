import { type RevenueBody, revenueBookedSchema } from '@rewardbook/contracts/api/revenue';
import { describeApproval, orApproval } from '../../client/approval-needed.ts';
import { type Client, path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { printJson, printLine } from '../../files/output.ts';
import type { Io } from '../../terminal/io.ts';
import { grouped } from '../../terminal/table.ts';
import type { RevenueOptions } from './command.ts';

/** Books revenue and prints the entry, or says who has to approve it. */
export async function bookRevenue(options: RevenueOptions, io: Io): Promise<void> {
  const { program, period, amount, reference, corrects, data, json } = options;
  const client = await connectToSystem(data, io);
  const body = { period, amount, reference, ...(corrects === undefined ? {} : { corrects }) };
  const booked = await postRevenue(client, program, body);
  client.close();
  if (json) {
    return printJson(io, booked);
  }
  if ('approval' in booked) {
    return printLine(io, describeApproval(program, booked));
  }
  const outcome = booked.repeated ? 'was booked already' : 'booked';
  await printLine(
    io,
    `${program} ${booked.period}: ${booked.currency} ${grouped(booked.amount)} ${outcome} as ${booked.entryKey}`,
  );
}

export function postRevenue(client: Client, program: string, body: RevenueBody) {
  return client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/revenue`,
      body: JSON.stringify(body),
      contentType: 'application/json',
    },
    orApproval(revenueBookedSchema),
  );
}
