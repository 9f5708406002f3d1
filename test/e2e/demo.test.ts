import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { packStory } from '../support/pack-story.ts';
import { outcomeOf, runCommand, startCommand } from '../support/test-command.ts';
import { undisturbed } from '../support/undisturbed.ts';

// The same on every machine, at every run. A change of the rules or of the pack changes them, and must be meant.
const RESULT_HASHES = [
  '8804d4bb744c61fac7a08c7c1f8eb442a2539e6923118665f57de4eee7efad31',
  '0b22fea91ae2124ce8ea0c0b8a5aea74c9c951e7241575fd96bb42211e5cd26f',
];

let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'rewardbook-demo-'));
  await chmod(temporary, 0o711);
});
afterAll(() => rm(temporary, { recursive: true, force: true }));

/** Everything but what is kept on purpose: the database's programs, and tsx's cache. */
async function leftovers(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => !/^(rewardbook-postgres-|tsx-)/.test(name));
}

/** Data folders of systems that are up, or were. */
async function systemsIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('rewardbook.json'));
}

it('demo goes from 240,000 events to payouts, verifies the books, and leaves nothing behind', async () => {
  const run = await runCommand(['demo'], { env: { TMPDIR: temporary } });
  expect(run).toMatchObject({ code: 0 });
  expect(run.stderr).not.toMatch(/error/i);
  expect(run.stdout).toContain('240,000 events accepted over HTTP');
  expect(run.stdout).toMatch(/c0000001 +joko\.teknologi\.1 +9,083 +1,673 +17,448 +217,927,500\.00/);
  expect(run.stdout).toMatch(/revenue +IDR 43,585,500,000\.50\nshare +0\.05\n/);
  expect(run.stdout).toMatch(/pool +IDR 2,179,275,000\.02\nallocated +IDR 2,179,275,000\.02\nundistributed +IDR 0\.00/);
  expect(run.stdout).toContain('every invariant holds');
  expect([...run.stdout.matchAll(/result hash +(\w+)/g)].map(([, hash]) => hash)).toEqual(RESULT_HASHES);
  expect(await leftovers()).toEqual([]);
}, 180_000);

it('the figures of the demo are those of the offline simulation', async () => {
  const results = [...undisturbed(await packStory()).values()];
  const hashes = results.map((text) => z.object({ resultHash: z.string() }).parse(JSON.parse(text)).resultHash);
  expect(hashes).toEqual(RESULT_HASHES);
});

it('SIGINT during the replay of the demo ends it with 130, its folder removed', async () => {
  const child = startCommand(['demo'], { env: { TMPDIR: temporary } });
  const ended = outcomeOf(child);
  // The system writes this file when it is up: what follows is the replay.
  await expect.poll(async () => (await systemsIn(temporary)).length, { timeout: 60_000, interval: 20 }).toBe(1);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130 });
  expect(await leftovers()).toEqual([]);
}, 120_000);
