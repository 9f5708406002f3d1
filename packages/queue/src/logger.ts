import { messageOf } from './error.ts';

/** What the queues need from a logger; pino has it. */
export interface QueueLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const QUIET_MS = 5_000;

/**
 * Logs the errors of connections. While a server is down a worker tries again many times a second, so the same message
 * is logged once in five seconds, with the number left out since.
 *
 * @param now milliseconds
 */
export function logErrorsOf(
  logger: QueueLogger,
  now: () => number = Date.now,
): (error: unknown, queue: string) => void {
  const seen = new Map<string, { at: number; left: number }>();
  return (error, queue) => {
    const message = messageOf(error);
    const last = seen.get(message);
    if (last !== undefined && now() - last.at < QUIET_MS) {
      last.left += 1;
      return;
    }
    if (seen.size > 100) {
      seen.clear(); // messages with changing numbers in them
    }
    seen.set(message, { at: now(), left: 0 });
    // Not the error itself: pg hangs its whole client on it, with everything that was ever sent.
    const stack = error instanceof Error ? error.stack : undefined;
    logger.error({ queue, stack, repeated: last?.left ?? 0 }, `queue ${queue}: ${message}`);
  };
}
