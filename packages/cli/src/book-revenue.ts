import { type RevenueBody, revenueBookedSchema } from '@rewardbook/contracts/revenue';
import { describeApproval, orApproval } from './approval-needed.ts';
import type { RevenueOptions } from './commands/revenue.ts';
import { findSystem } from './connection.ts';
import { Client, path } from './http.ts';
import type { Io } from './io.ts';
import { printJson, printLine } from './output.ts';
import { grouped } from './table.ts';

/** Books revenue and says so, or whom it waits for. */
export async function bookRevenue(options: RevenueOptions, io: Io): Promise<void> {
  const { program, period, amount, reference, corrects, data, json } = options;
  const client = new Client(await findSystem(data, io), io.signal);
  const body = { period, amount, reference, ...(corrects === undefined ? {} : { corrects }) };
  const booked = await postRevenue(client, program, body);
  client.close();
  if (json) return printJson(io, booked);
  if ('approval' in booked) return printLine(io, describeApproval(program, booked));
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
