import { compose as composeEvents } from '@rewardbook/engagement-events/compose';
import { compose as composeLedger } from '@rewardbook/ledger/compose';
import { compose as composeReports } from '@rewardbook/payout-reports/compose';
import { openQueues } from '@rewardbook/queue/queues';
import type { createLogger } from '@rewardbook/runtime/logger';
import { type Composed, shutdownPhases } from '@rewardbook/runtime/serve';
import { shutDown } from '@rewardbook/runtime/shutdown';
import type { Urls } from './connection-file.ts';
import type { Ports } from './ports.ts';
import type { ServiceUrls } from './provision.ts';

export interface ServicesOptions {
  /** Each with the login of a service. */
  readonly serviceUrls: ServiceUrls;
  /** undefined: the queue is in the same database. */
  readonly redisUrl: string | undefined;
  readonly logger: ReturnType<typeof createLogger>;
}

export interface Services {
  /** Returns their addresses. */
  listen(ports: Ports, host: string): Promise<Omit<Urls, 'front'>>;
  /** Requests and jobs under way are finished; then connections end. */
  close(): Promise<void>;
}

/** The three services, composed in this process as their own `main.ts` does, over one set of queues. */
export async function openServices({ serviceUrls, redisUrl, logger }: ServicesOptions): Promise<Services> {
  const queues = await openQueues(redisUrl === undefined ? { postgresUrl: serviceUrls.ledger } : { redisUrl }, logger);
  const opened: { readonly name: string; readonly service: Composed }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(
      opened.map(({ name, service }) => shutDown(shutdownPhases(service), logger.child({ service: name }))),
    );
    await queues.close();
  };
  const open = async (name: string, composing: Promise<Composed>): Promise<Composed> => {
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
      listen: async (ports, host) => ({
        events: await events.app.listen({ port: ports.events, host }),
        ledger: await ledger.app.listen({ port: ports.ledger, host }),
        reports: await reports.app.listen({ port: ports.reports, host }),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
