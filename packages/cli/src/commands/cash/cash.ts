import { cashOutSchema } from '@rewardbook/contracts/api/adjustments';
import { remittedSchema, taxDueSchema } from '@rewardbook/contracts/api/payout-runs';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { printJson, printLine } from '../../files/output.ts';
import { type Io, write } from '../../terminal/io.ts';
import { grouped, renderTable } from '../../terminal/table.ts';
import type { CashOptions, RemitTaxOptions, TaxDueOptions } from './command.ts';

/** Books money that came in and prints the entry. */
export async function bookCash(kind: 'receipt' | 'funding', options: CashOptions, io: Io): Promise<void> {
  const { program, amount, reference, reason, data, json } = options;
  const client = await connectToSystem(data, io);
  const booked = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/cash`,
      body: JSON.stringify({ kind, amount, reference, reason }),
      contentType: 'application/json',
    },
    cashOutSchema,
  );
  client.close();
  if (json) {
    return printJson(io, booked);
  }
  const outcome = booked.repeated ? 'was booked already' : 'booked';
  await printLine(io, `${booked.currency} ${grouped(booked.amount)} ${outcome} as ${booked.entryKey}`);
}

/** Prints what tax is due. */
export async function listTaxDue({ program, data, json }: TaxDueOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const { items } = await client.json(
    { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/tax-due` },
    taxDueSchema,
  );
  client.close();
  if (json) {
    return printJson(io, { due: items });
  }
  const columns = [
    { title: 'run' },
    { title: 'country' },
    { title: 'currency' },
    { title: 'amount', align: 'right' },
  ] as const;
  const rows = items.map(({ runId, country, currency, amount }) => [runId, country, currency, grouped(amount)]);
  await write(io.stdout, items.length === 0 ? 'No tax is due.\n' : renderTable(columns, rows));
}

/** Remits a country's tax and says how much it was. */
export async function remitTax({ program, data, json, ...body }: RemitTaxOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const remitted = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: path`/v1/programs/${program}/tax-remittances`,
      body: JSON.stringify({ country: body.country, run: body.run, reference: body.reference }),
      contentType: 'application/json',
    },
    remittedSchema,
  );
  client.close();
  if (json) {
    return printJson(io, remitted);
  }
  const outcome = remitted.repeated ? 'was remitted already' : 'remitted';
  await printLine(io, `${remitted.currency} ${grouped(remitted.amount)} ${outcome} as ${remitted.entryKey}`);
}
