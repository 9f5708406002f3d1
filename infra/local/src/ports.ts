import { createServer } from 'node:net';
import { LocalSystemError } from './error.ts';

/** Ports of a system; 0 takes a free one. */
export interface Ports {
  readonly front: number;
  readonly events: number;
  readonly ledger: number;
  readonly reports: number;
  readonly console: number;
}

const HOST = '127.0.0.1';

/** The front's port and the four after it; all free ones for 0. */
export function portsFrom(front: number): Ports {
  if (front === 0) {
    return { front: 0, events: 0, ledger: 0, reports: 0, console: 0 };
  }
  return { front, events: front + 1, ledger: front + 2, reports: front + 3, console: front + 4 };
}

/**
 * Looks before anything is started, so that a taken port costs no start of a database.
 *
 * @throws LocalSystemError
 */
export async function assertFree(ports: Ports): Promise<void> {
  for (const port of Object.values(ports)) {
    if (port !== 0 && !(await isFree(port))) {
      throw new LocalSystemError(
        `Port ${port} on ${HOST} is taken, perhaps by another system. Stop that, or choose others: --port 4200 takes ` +
          '4200 to 4204, --port 0 takes free ones.',
      );
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        resolve(false);
      } else {
        reject(new LocalSystemError(`Cannot listen on ${HOST}:${port}: ${error.message}`, { cause: error }));
      }
    });
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
