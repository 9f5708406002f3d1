import type { FastifyBaseLogger } from 'fastify';

/** What of `process` is needed; tests give their own. */
export interface RejectionSource {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
}

/**
 * Keeps a process alive that loses a database connection in its first moment. postgres.js 3.4.9 asks every new connection
 * for its array types, and leaves a failure of that unhandled (connection.js, `fetchArrayTypes`), which would end the
 * process; the pool itself connects again, and no statement of ours is lost. Any other unhandled rejection ends it, as always.
 * (Turning `fetch_types` off is no way out: `reserve` then never answers on a new connection.)
 */
export function surviveLostTypeQueries(process: RejectionSource, logger: Pick<FastifyBaseLogger, 'warn'>): void {
  process.on('unhandledRejection', (reason) => {
    if (!isTypeQuery(reason)) {
      throw reason;
    }
    logger.warn({ err: reason }, 'a database connection was lost as it was made; the pool makes another');
  });
}

function isTypeQuery(reason: unknown): reason is Error {
  return (
    reason instanceof Error &&
    'query' in reason &&
    /^\s*select b\.oid, b\.typarray\s+from pg_catalog\.pg_type a\s/.test(String(reason.query))
  );
}
