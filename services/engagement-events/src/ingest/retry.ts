import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from '@rewardbook/db/errors';
import { AppError } from '@rewardbook/runtime/http/errors';
import { withTimeout } from '@rewardbook/runtime/with-timeout';

const FIRST_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;
const LEAST_LIMIT_MS = 100;

export interface RetryOptions {
  /** How long to try. */
  readonly forMs: number;
  /** How long the first try may take; later ones have what is left. */
  readonly limitMs: number;
  readonly onRetry?: (error: unknown) => void;
}

/**
 * Does work, and repeats it for up to `forMs` if a deadlock, a lost connection or a restart of the database makes it
 * fail; then throws the last error. Only for work that may be repeated.
 */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const begun = performance.now();
  const left = () => options.forMs - (performance.now() - begun);
  let limitMs = options.limitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    try {
      return await within(limitMs, work());
    } catch (error) {
      if (!isTransient(error) || left() < pause) {
        throw error;
      }
      options.onRetry?.(error);
    }
    await delay(pause);
    limitMs = Math.max(left(), LEAST_LIMIT_MS);
  }
}

/**
 * Waits for a statement no longer than `limitMs`. Needed because postgres.js 3.4.9 can keep one for as long as a server
 * takes no connections: a connection that died with a statement under way reconnects again and again, silently. The
 * statement may still be done later.
 *
 * @throws AppError `database-unavailable`
 */
export function within<T>(limitMs: number, statement: Promise<T>): Promise<T> {
  return withTimeout(
    limitMs,
    statement,
    () => new AppError('database-unavailable', 'The database does not answer', { retryAfterSeconds: 2 }),
  );
}
