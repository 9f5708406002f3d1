import { explanationSchema } from '@rewardbook/contracts/api/explanation';
import { path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { printLine } from '../../files/output.ts';
import { type Io, write } from '../../terminal/io.ts';
import type { ExplainOptions } from './command.ts';
import { describeExplanation } from './explanation-text.ts';

/** Prints why a creator got an amount: as a page for people, or as the service's JSON, unchanged. */
export async function explain({ program, period, creator, data, json }: ExplainOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const call = {
    service: 'reports',
    scope: 'read',
    path: path`/v1/programs/${program}/periods/${period}/creators/${creator}/explanation`,
  } as const;
  if (json) {
    await printLine(io, await client.text(call));
  } else {
    await write(io.stdout, describeExplanation(await client.json(call, explanationSchema)));
  }
  client.close();
}
