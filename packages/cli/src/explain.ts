import { explanationSchema } from '@rewardbook/contracts/explanation';
import type { ExplainOptions } from './commands/explain.ts';
import { findSystem } from './connection.ts';
import { describeExplanation } from './explanation-text.ts';
import { Client, path } from './http.ts';
import { type Io, write } from './io.ts';
import { printLine } from './output.ts';

/** Prints why a creator got an amount: for people on a page, or the service's JSON as it is. */
export async function explain({ program, period, creator, data, json }: ExplainOptions, io: Io): Promise<void> {
  const client = new Client(await findSystem(data, io), io.signal);
  const call = {
    service: 'reports',
    scope: 'read',
    path: path`/v1/programs/${program}/periods/${period}/creators/${creator}/explanation`,
  } as const;
  if (json) await printLine(io, await client.text(call));
  else await write(io.stdout, describeExplanation(await client.json(call, explanationSchema)));
  client.close();
}
