import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from '@rewardbook/db/errors';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Does what a deadlock, a lost connection or a restart of the database keeps from being done, again, for up to `forMs`; then
 * throws the last error. Only for work that may be repeated.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  options: { readonly forMs: number; readonly onRetry: (error: unknown) => void },
): Promise<T> {
  const begun = performance.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || performance.now() - begun + pause > options.forMs) throw error;
      options.onRetry(error);
    }
    await delay(pause);
  }
}
