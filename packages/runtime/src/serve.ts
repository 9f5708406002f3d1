import type { App } from './app.ts';
import { type Phase, type ProcessLike, shutDownOnSignal } from './shutdown.ts';

/** What a service's `compose` gives. */
export interface Composed {
  readonly app: App;
  readonly workers: readonly { close(): Promise<void> }[];
  /** Releases what compose opened: pools, queue connections. */
  readonly close: () => Promise<void>;
}

/**
 * Listens, and on a signal shuts down in the order in which nothing is lost: say not ready; finish the requests under
 * way; finish the jobs under way; close connections.
 */
export async function serve(
  service: Composed,
  address: { readonly host: string; readonly port: number },
  process: ProcessLike,
): Promise<string> {
  const url = await service.app.listen(address);
  shutDownOnSignal(shutdownPhases(service), service.app.log, process);
  return url;
}

export function shutdownPhases({ app, workers, close }: Composed): Phase[] {
  return [
    { name: 'not ready', timeoutMs: 1_000, run: () => app.drain() },
    { name: 'requests', timeoutMs: 20_000, run: () => app.close() },
    {
      name: 'jobs',
      timeoutMs: 30_000,
      run: async () => void (await Promise.all(workers.map((worker) => worker.close()))),
    },
    { name: 'connections', timeoutMs: 10_000, run: close },
  ];
}
