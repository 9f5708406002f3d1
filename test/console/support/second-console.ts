import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { compose } from '@rewardbook/console-service/compose';
import { appOfCheckout } from '@rewardbook/local/console/app-of-checkout';
import { findFreePort } from '@rewardbook/local/free-port';
import { loginsOf, provision } from '@rewardbook/local/provision';
import { createLogger } from '@rewardbook/runtime/logger';
import { type ServiceProcess, startServiceProcess } from '../../support/service-process.ts';
import type { ConsoleSystem } from './console-system.ts';
import { type Gate, openGate } from './gate.ts';

/** A console of a system, before a ledger of its own: a process that can be killed, behind a gate. */
export interface SecondConsole {
  readonly url: string;
  readonly people: ConsoleSystem['people'];
  readonly ledger: ServiceProcess;
  readonly gate: Gate;
  close(): Promise<void>;
}

export async function startSecondConsole({ urls, ownerUrl, folder, people }: ConsoleSystem): Promise<SecondConsole> {
  // Logins of its own: those of the system get new passwords with every start, and it would be locked out.
  const serviceUrls = await provision(ownerUrl, loginsOf(join(folder, 'second')));
  const port = await findFreePort();
  const ledger = await startServiceProcess('ledger', port, { DATABASE_URL: serviceUrls.ledger });
  const gate = await openGate(`http://127.0.0.1:${port}`);
  const service = await compose({
    addresses: { events: urls.events, ledger: gate.url, reports: urls.reports },
    findApp: appOfCheckout().find,
    secret: randomBytes(32).toString('base64url'),
    logger: createLogger({ name: 'console', level: 'silent' }),
  });
  const url = await service.app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    people,
    ledger,
    gate,
    close: async () => {
      await service.app.close();
      await service.close();
      await gate.close();
      await ledger.stop();
    },
  };
}
