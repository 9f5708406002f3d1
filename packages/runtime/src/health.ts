import plugin from 'fastify-plugin';
import { AppError } from './http/errors.ts';
import { withTimeout } from './with-timeout.ts';

/** Resolves if a part that the service needs works, rejects if not. */
export type Check = () => Promise<unknown>;

export interface HealthOptions {
  readonly checks: Readonly<Record<string, Check>>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on `/readyz` says no, so that a load balancer sends nothing more. First step of a shutdown. */
    drain(): void;
  }
}

const CHECK_TIMEOUT_MS = 2_000;

/** `/healthz`: the process answers. `/readyz`: everything that it needs answers too. */
export const health = plugin<HealthOptions>(
  (app, { checks }, done) => {
    let draining = false;
    app.decorate('drain', () => {
      draining = true;
    });

    app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));

    app.get('/readyz', { schema: { hide: true } }, async (request) => {
      if (draining) {
        throw new AppError('shutting-down', 'The service is shutting down; ask another instance');
      }
      const names = Object.keys(checks);
      const results = await Promise.allSettled(Object.values(checks).map(inTime));
      const failed = names.filter((_name, index) => results[index]?.status === 'rejected');
      if (failed.length > 0) {
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
        request.log.warn({ err: reasons[0], failed }, 'not ready');
        throw new AppError('not-ready', `Not answering: ${failed.join(', ')}`);
      }
      return { status: 'ready', checks: names };
    });
    done();
  },
  { name: 'health', fastify: '5.x', dependencies: ['problems'] },
);

async function inTime(check: Check): Promise<void> {
  await withTimeout(CHECK_TIMEOUT_MS, check(), () => new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`));
}
