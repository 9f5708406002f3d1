import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder } from '../support/up.ts';

// Keys and the audit log by the command, on a running system.

/** How long a service may remember a key; a second more for the machine. */
const REVOKED_WITHIN_MS = 2_000;

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
});
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
});

const rewardbook = (...args: string[]) => runHere([...args, '--data', dataDir]);

async function statuses(key: string): Promise<number[]> {
  const { events, ledger, reports } = system.urls;
  const paths = [
    `${events}/v1/programs/none/events`,
    `${ledger}/v1/programs`,
    `${reports}/v1/programs/none/reports/summary`,
  ];
  return Promise.all(
    paths.map(async (path) => (await fetch(path, { headers: { authorization: `Bearer ${key}` } })).status),
  );
}

describe('rewardbook keys', () => {
  it('makes a key that works everywhere, and revokes it everywhere within seconds', async () => {
    const created = await rewardbook('keys', 'create', '--name', 'auditor', '--scopes', 'read');
    expect(created).toMatchObject({ code: 0, stderr: expect.stringContaining('shown this once') });
    const key = created.stdout.trim();
    expect(await statuses(key)).toEqual([404, 200, 404]);

    const { keys } = JSON.parse((await rewardbook('keys', 'list', '--json')).stdout);
    const { keyId } = keys.find(({ name }: { name: string }) => name === 'auditor');
    expect((await rewardbook('keys', 'revoke', String(keyId))).stdout).toMatch(/auditor, is revoked .* by admin\n/);
    await expect.poll(() => statuses(key), { timeout: REVOKED_WITHIN_MS }).toEqual([401, 401, 401]);
    expect((await rewardbook('keys', 'list')).stdout).toMatch(/auditor +read +all +revoked/);
    expect((await rewardbook('keys', 'list')).stdout).not.toContain(key);
  });

  it('says what was wrong, with exit code 2', async () => {
    await rewardbook('keys', 'create', '--name', 'twice', '--scopes', 'read');
    expect(await rewardbook('keys', 'create', '--name', 'twice', '--scopes', 'read')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('There is a working key "twice"'),
    });
    expect((await rewardbook('keys', 'create', '--name', 'x', '--scopes', 'root')).code).toBe(2);
    expect((await rewardbook('keys', 'create', '--name', 'x', '--scopes', 'read', '--expires', 'soon')).code).toBe(2);
    expect(await rewardbook('keys', 'revoke', '999999')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('key-unknown'),
    });
  });

  it('has its admin key also in a folder of an earlier version', async () => {
    const path = join(dataDir, 'rewardbook.json');
    const { keys, ...rest } = JSON.parse(await readFile(path, 'utf8'));
    const { admin: _admin, ...old } = keys;
    await writeFile(path, JSON.stringify({ ...rest, keys: old }));
    expect(await rewardbook('keys', 'list')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('start the system again'),
    });
    await system.close();
    system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
    expect(system.keys).toMatchObject(old);
    expect((await rewardbook('keys', 'list')).code).toBe(0);
  });
});

it('a new rewardbook.json ends the keys of the one before, and no others', async () => {
  const before = system.keys;
  const child = (await rewardbook('keys', 'create', '--name', 'child', '--scopes', 'read')).stdout.trim();
  await system.close();
  await rm(join(dataDir, 'rewardbook.json'));
  const start = () => startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  system = await start();
  const after = system.keys;
  for (const name of ['write', 'operate', 'approve', 'read', 'admin'] as const) {
    expect([name, await statuses(before[name] ?? '')]).toEqual([name, [401, 401, 401]]);
  }
  expect(await statuses(after.read)).toEqual([404, 200, 404]);
  expect(await statuses(child)).toEqual([404, 200, 404]);
  // The file is there from now on, so its keys go on working.
  await system.close();
  system = await start();
  expect(system.keys).toEqual(after);
  expect(await statuses(after.read)).toEqual([404, 200, 404]);
  expect((await rewardbook('keys', 'list')).stdout.match(/ operate +operate +all +working/g)).toHaveLength(1);
});

it('rewardbook audit-log prints who did what, and no secret', async () => {
  const created = await rewardbook('keys', 'create', '--name', 'logged', '--scopes', 'read,operate', '--json');
  const { key } = JSON.parse(created.stdout);
  const { stdout, code } = await rewardbook('audit-log', '--key', 'admin');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\S+Z {2}201 {2}admin \(key \d+\) {2}POST \/v1\/keys {2}.*"name":"logged".* {2}body [0-9a-f]{12}$/m,
  );
  expect(stdout).not.toContain(key);
  const lines = (await rewardbook('audit-log', '--json')).stdout.trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    route: '/v1/keys',
    status: 201,
    summary: { body: { name: 'logged' } },
  });
});
