import { Client } from '@rewardbook/cli/client/client';
import { systemOf } from '@rewardbook/cli/client/connection';
import { eachItem } from '@rewardbook/cli/client/pages';
import { closePeriod } from '@rewardbook/cli/commands/close/close';
import { postRevenue } from '@rewardbook/cli/commands/revenue/book-revenue';
import { batchOutSchema } from '@rewardbook/contracts/api/ingest/batches';
import type { Connection } from '@rewardbook/local/connection-file';

export const never = new AbortController().signal;

// A system that a test disturbs may be away for as long as a start takes on a busy machine.
const PATIENCE_MS = 60_000;

/** The command's own client, for a system that a test has started. */
export function clientOf(system: Pick<Connection, 'urls' | 'keys'>): Client {
  return new Client(systemOf(system, 'the test'), never, PATIENCE_MS);
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
    results.set(period, await resultText(client, program, period));
  }
  return results;
}

/** The result of a closed period, to the byte. */
export function resultText(client: Client, program: string, period: string): Promise<string> {
  return client.text({
    service: 'ledger',
    scope: 'read',
    path: `/v1/programs/${program}/periods/${period}/result`,
  });
}

/** How many events of a program are recorded. */
export async function acceptedSoFar(client: Client, program: string): Promise<number> {
  let sum = 0;
  const call = { service: 'events', scope: 'read', path: `/v1/programs/${program}/batches` } as const;
  for await (const { accepted } of eachItem(client, call, batchOutSchema)) {
    sum += accepted;
  }
  return sum;
}
