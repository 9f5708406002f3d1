import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@rewardbook/local/free-port';
import { newKeys } from '@rewardbook/local/provision';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { runCommand } from '../support/test-command.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// What infra/compose and infra/k8s start, without containers: the provisioning, and each service as a process of its own.
const SERVICES = ['engagement-events', 'ledger', 'payout-reports'] as const;
const ROLE_OF = { 'engagement-events': 'events', ledger: 'ledger', 'payout-reports': 'reports' } as const;
const SERVICE_PASSWORD = 'a password of a deployment';

let database: TestDatabase;
const processes: ServiceProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(processes.map((service) => service.stop()));
  await database?.drop();
});

async function provision(environment: Record<string, string>): Promise<number | null> {
  const main = fileURLToPath(new URL('../../infra/local/src/provision-main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: 'ignore',
  });
  const [code]: (number | null)[] = await once(child, 'exit');
  return code ?? null;
}

it('provisioned once or again, the services start as processes, take commands, and stop in order', async () => {
  const keys = newKeys();
  const user = (service: string): string => `deployed_${database.name}_${service}`;
  const environment = {
    OWNER_DATABASE_URL: database.ownerUrl,
    EVENTS_USER: user('events'),
    EVENTS_PASSWORD: SERVICE_PASSWORD,
    LEDGER_USER: user('ledger'),
    LEDGER_PASSWORD: SERVICE_PASSWORD,
    REPORTS_USER: user('reports'),
    REPORTS_PASSWORD: SERVICE_PASSWORD,
    REWARDBOOK_KEY_WRITE: keys.write,
    REWARDBOOK_KEY_OPERATE: keys.operate,
    REWARDBOOK_KEY_APPROVE: keys.approve,
    REWARDBOOK_KEY_READ: keys.read,
  };
  expect([await provision(environment), await provision(environment)]).toEqual([0, 0]);
  expect(await provision({ ...environment, REWARDBOOK_KEY_READ: 'secret' })).not.toBe(0);

  const urls: Record<string, string> = {};
  for (const service of SERVICES) {
    const port = await findFreePort();
    const url = new URL(database.ownerUrl);
    url.username = user(ROLE_OF[service]);
    url.password = encodeURIComponent(SERVICE_PASSWORD);
    processes.push(await startServiceProcess(service, port, { DATABASE_URL: url.href }));
    urls[service] = `http://127.0.0.1:${port}`;
    expect([service, (await fetch(`${urls[service]}/readyz`)).status]).toEqual([service, 200]);
  }
  const appFolder = await mkdtemp(join(tmpdir(), 'rewardbook-app-'));
  await writeFile(join(appFolder, 'index.html'), '<!doctype html><title>The console</title>');
  const consolePort = await findFreePort();
  const console = `http://127.0.0.1:${consolePort}`;
  processes.push(
    await startServiceProcess('console', consolePort, {
      EVENTS_URL: urls['engagement-events'] ?? '',
      LEDGER_URL: urls.ledger ?? '',
      REPORTS_URL: urls['payout-reports'] ?? '',
      SESSION_SECRET: 'a secret of a deployment, for sessions',
      APP_FOLDER: appFolder,
    }),
  );
  expect(await (await fetch(`${console}/books`)).text()).toContain('The console');
  const signedIn = await fetch(`${console}/session`, {
    method: 'POST',
    headers: { origin: console, 'content-type': 'application/json' },
    body: JSON.stringify({ key: keys.read }),
  });
  expect(await signedIn.json()).toMatchObject({ person: { name: 'read', scopes: ['read'] } });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const programs = await fetch(`${console}/api/ledger/v1/programs`, { headers: { cookie } });
  expect([programs.status, await programs.json()]).toEqual([200, { items: [], nextCursor: null }]);

  const policy = { program: 'deployed', name: 'D', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' };
  const applied = await runCommand(['program', 'apply', '-'], {
    stdin: JSON.stringify(policy),
    env: { REWARDBOOK_URL_LEDGER: urls.ledger ?? '', REWARDBOOK_KEY: keys.operate },
  });
  expect(applied).toMatchObject({ code: 0, stderr: '' });
  expect(await Promise.all(processes.map((service) => service.stop()))).toEqual([0, 0, 0, 0]);
  await rm(appFolder, { recursive: true });
}, 120_000);
