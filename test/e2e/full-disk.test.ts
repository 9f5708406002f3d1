import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { failingOutput, runHere } from '../support/test-run.ts';
import { makeDataFolder } from '../support/up.ts';

// Commands that print what a running system tells them, onto a disk that is full.

const PROGRAM = 'full-disk';
const POLICY = `program: ${PROGRAM}\nname: Full\ncurrency: EUR\ntimeZone: UTC\nperiod: month\n`;

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  const policy = join(dataDir, 'policy.yaml');
  await writeFile(policy, POLICY);
  expect(await rewardbook('program', 'apply', policy)).toMatchObject({ code: 0 });
  expect(await rewardbook(...revenue('first'))).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

const rewardbook = (...args: string[]) => runHere([...args, '--data', dataDir]);
const onFullDisk = (code: 'ENOSPC' | 'EPIPE', ...args: string[]) =>
  runHere([...args, '--data', dataDir], '', {}, failingOutput(code));
const revenue = (reference: string) =>
  `revenue --program ${PROGRAM} --period 2026-10 --amount 1.00 --reference ${reference}`.split(' ');

it.each([
  ['report journal', `report journal --program ${PROGRAM}`],
  ['report summary --json', `report summary --program ${PROGRAM} --json`],
  ['record', `record --program ${PROGRAM}`],
  ['revenue', revenue('second').join(' ')],
  ['keys list', 'keys list'],
  ['audit-log --json', 'audit-log --json'],
  ['verify', 'verify'],
])('%s ends with 3 and the reason', async (_, command) => {
  expect(await onFullDisk('ENOSPC', ...command.split(' '))).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('Cannot write the output: ENOSPC'),
  });
});

it.each(['ENOSPC', 'EPIPE'] as const)('a key whose secret was never shown is revoked (%s)', async (code) => {
  for (const json of [[], ['--json']]) {
    const create = ['keys', 'create', '--name', `unseen ${code}${json}`, '--scopes', 'read', ...json];
    const run = await onFullDisk(code, ...create);
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('the key was revoked') });
  }
  const { keys } = JSON.parse((await rewardbook('keys', 'list', '--json')).stdout);
  const unseen = keys.filter(({ name }: { name: string }) => name.startsWith(`unseen ${code.toLowerCase()}`));
  expect(unseen.map(({ status }: { status: string }) => status)).toEqual(['revoked', 'revoked']);
});
