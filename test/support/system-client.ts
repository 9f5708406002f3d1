import { postRevenue } from '@rewardbook/cli/book-revenue';
import { closePeriod, resultOf } from '@rewardbook/cli/close';
import { systemOf } from '@rewardbook/cli/connection';
import { Client } from '@rewardbook/cli/http';
import type { Connection } from '@rewardbook/local/connection-file';

export const never = new AbortController().signal;

/** The command's own client, for a system that a test has started. */
export function clientOf(system: Pick<Connection, 'urls' | 'keys'>): Client {
  return new Client(systemOf(system, 'the test'), never);
}

/** Books each period's revenue and closes it, in order; gives the results as the ledger writes them. */
export async function closeAll(
  client: Client,
  program: string,
  revenue: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const results = new Map<string, string>();
  for (const [period, amount] of revenue) {
    await postRevenue(client, program, { period, amount, reference: `revenue of ${period}` });
    await closePeriod(client, program, period, never);
    const pieces: Buffer[] = [];
    for await (const piece of await resultOf(client, program, period)) pieces.push(piece);
    results.set(period, Buffer.concat(pieces).toString('utf8'));
  }
  return results;
}
