import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clearStaleLock } from './lock-file.ts';

let cluster = '';
beforeEach(async () => {
  cluster = await mkdtemp(join(tmpdir(), 'rewardbook-lock-'));
});
afterEach(() => rm(cluster, { recursive: true, force: true }));

const PID_OF_NOBODY = 2 ** 22 + 1; // above Linux's largest

it('removes the lock of a process that ended', async () => {
  await writeFile(join(cluster, 'postmaster.pid'), `${PID_OF_NOBODY}\n${cluster}\n`);
  expect(await clearStaleLock(cluster)).toBeUndefined();
  expect(await readdir(cluster)).toEqual([]);
});

it.runIf(process.platform === 'linux')('removes one whose number another program has got', async () => {
  await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n`);
  expect(await clearStaleLock(cluster)).toBeUndefined();
  expect(await readdir(cluster)).toEqual([]);
});
