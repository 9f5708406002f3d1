import { currentKeySchema } from '@rewardbook/contracts/api/access/keys';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Dispatcher } from 'undici';
import type { z } from 'zod';

/** Who an API key belongs to, and what it may do. */
export type Person = z.output<typeof currentKeySchema>;

const LOOK_UP_MS = 5_000;

/**
 * Asks the ledger whom an API key belongs to; undefined if it does not work, or no longer.
 *
 * @throws AppError `service-unavailable` where the ledger does not say
 */
export async function findPerson(services: Dispatcher, ledgerUrl: string, key: string): Promise<Person | undefined> {
  try {
    const { origin, pathname } = new URL(ledgerUrl);
    const answer = await services.request({
      origin,
      path: `${pathname.replace(/\/$/, '')}/v1/keys/current`,
      method: 'GET',
      headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
      signal: AbortSignal.timeout(LOOK_UP_MS),
    });
    if (answer.statusCode === 401) {
      await answer.body.dump();
      return undefined;
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`the ledger answered ${answer.statusCode}`);
    }
    return currentKeySchema.parse(await answer.body.json());
  } catch (cause) {
    const detail = 'The ledger, which knows the API keys, does not answer; try again in a moment';
    throw new AppError('service-unavailable', detail, { cause });
  }
}
