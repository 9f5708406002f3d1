import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Connection, connectionPath, readConnection, writeConnection } from './connection-file.ts';

const CONNECTION: Connection = {
  urls: {
    front: 'http://127.0.0.1:1',
    events: 'http://127.0.0.1:2',
    ledger: 'http://127.0.0.1:3',
    reports: 'http://127.0.0.1:4',
  },
  keys: { write: 'w', operate: 'o', approve: 'a', read: 'r' },
  pid: 1,
  startedAt: '2026-10-01T00:00:00.000Z',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-connection-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('is written whole, for its owner only, and read back', async () => {
  expect(await readConnection(folder)).toBeUndefined();
  await writeConnection(folder, CONNECTION);
  await writeConnection(folder, CONNECTION);
  expect(await readConnection(folder)).toEqual(CONNECTION);
  expect((await stat(connectionPath(folder))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['rewardbook.json']);
});

it.each([['{"urls":'], ['{"urls":{}}']])('that is damaged says how to get a new one: %s', async (text) => {
  await writeFile(connectionPath(folder), text);
  await expect(readConnection(folder)).rejects.toThrow(/rewardbook up/);
});
