import { withTimeout } from '@rewardbook/runtime/with-timeout';

/** Waits for a call to the queue's server, but not for longer than this. @throws Error that names the call */
export function withTimeLimit<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  return withTimeout(limitMs, work, () => new Error(`${what} took longer than ${limitMs} ms`));
}
