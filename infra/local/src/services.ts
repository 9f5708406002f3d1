import { randomBytes } from 'node:crypto';
import { type ConsoleDeps, compose as composeConsole } from '@rewardbook/console-service/compose';
import { compose as composeEvents } from '@rewardbook/engagement-events/compose';
import { compose as composeLedger } from '@rewardbook/ledger/compose';
import { compose as composeReports } from '@rewardbook/payout-reports/compose';
import { openQueues } from '@rewardbook/queue/queues';
import type { createLogger } from '@rewardbook/runtime/logger';
import { type Composed, shutdownPhases } from '@rewardbook/runtime/serve';
import { shutDown } from '@rewardbook/runtime/shutdown';
import type { LocalUrls } from './connection-file.ts';
import type { Ports } from './ports.ts';
import type { ServiceUrls } from './provision.ts';

const SECRET_BYTES = 32;

export interface ServicesOptions {
  /** Each with the login of a service. */
  readonly serviceUrls: ServiceUrls;
  /** undefined: the queue is in the same database. */
  readonly redisUrl: string | undefined;
  readonly console: Pick<ConsoleDeps, 'findApp' | 'people'>;
  readonly logger: ReturnType<typeof createLogger>;
}

/** Where services listen, and how somebody is let in to the console. */
export interface Listening {
  readonly urls: Omit<LocalUrls, 'front'>;
  /** A token that signs in to the console once, with this API key. */
  makeToken(key: string): string;
}

export interface Services {
  listen(ports: Ports, host: string): Promise<Listening>;
  /** Requests and jobs under way are finished; then connections end. */
  close(): Promise<void>;
}

/** The four services, composed in this process as their own `main.ts` does, over one set of queues. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { serviceUrls, redisUrl, logger } = options;
  const queues = await openQueues(redisUrl === undefined ? { postgresUrl: serviceUrls.ledger } : { redisUrl }, logger);
  const opened: { readonly name: string; readonly service: Composed }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(
      opened.map(({ name, service }) => shutDown(shutdownPhases(service), logger.child({ service: name }))),
    );
    await queues.close();
  };
  const open = async <Service extends Composed>(name: string, composing: Promise<Service>): Promise<Service> => {
    const service = await composing;
    opened.push({ name, service });
    return service;
  };
  const depsOf = (name: string, databaseUrl: string) => ({
    databaseUrl,
    queues,
    logger: logger.child({ service: name }),
  });
  try {
    const events = await open('engagement-events', composeEvents(depsOf('engagement-events', serviceUrls.events)));
    const ledger = await open('ledger', composeLedger(depsOf('ledger', serviceUrls.ledger)));
    const reports = await open('payout-reports', composeReports(depsOf('payout-reports', serviceUrls.reports)));
    return {
      listen: async (ports, host) => {
        const addresses = {
          events: await events.app.listen({ port: ports.events, host }),
          ledger: await ledger.app.listen({ port: ports.ledger, host }),
          reports: await reports.app.listen({ port: ports.reports, host }),
        };
        // Sessions end with this process: nothing that outlives it can be read with its secret.
        const secret = randomBytes(SECRET_BYTES).toString('base64url');
        const service = await open(
          'console',
          composeConsole({ ...options.console, addresses, secret, logger: logger.child({ service: 'console' }) }),
        );
        const url = await service.app.listen({ port: ports.console, host });
        return { urls: { ...addresses, console: url }, makeToken: service.makeToken };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
