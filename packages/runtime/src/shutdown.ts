import type { FastifyBaseLogger } from 'fastify';
import { withTimeout } from './with-timeout.ts';

/** One step of a shutdown. */
export interface Phase {
  readonly name: string;
  readonly timeoutMs: number;
  readonly run: () => Promise<void> | void;
}

/**
 * Runs the phases one after the other. One that fails or takes too long is logged and left behind: the next still gets its
 * chance. True if all went well.
 */
export async function shutDown(phases: readonly Phase[], logger: FastifyBaseLogger): Promise<boolean> {
  let clean = true;
  for (const phase of phases) {
    try {
      await finish(phase);
      logger.info({ phase: phase.name }, 'shutdown phase done');
    } catch (error) {
      clean = false;
      logger.error({ err: error, phase: phase.name }, 'shutdown phase failed');
    }
  }
  return clean;
}

/** What of `process` a shutdown needs; tests give their own. */
export interface ProcessLike {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

/** On SIGTERM or SIGINT shuts down and exits: 0 if clean, 1 if not; a second signal exits at once with 1. */
export function shutDownOnSignal(phases: readonly Phase[], logger: FastifyBaseLogger, process: ProcessLike): void {
  let begun = false;
  const begin = (signal: string) => {
    if (begun) {
      logger.warn({ signal }, 'second signal: exiting at once');
      process.exit(1);
      return;
    }
    begun = true;
    logger.info({ signal }, 'shutting down');
    shutDown(phases, logger).then((clean) => process.exit(clean ? 0 : 1));
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
}

async function finish(phase: Phase): Promise<void> {
  const running = (async () => phase.run())();
  await withTimeout(phase.timeoutMs, running, () => new Error(`not done within ${phase.timeoutMs} ms`));
}
