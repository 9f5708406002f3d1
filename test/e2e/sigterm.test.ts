import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { postCreators } from '@rewardbook/cli/commands/creators/import-creators';
import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { verifyProgram } from '@rewardbook/cli/commands/verify/verify';
import { readConnection } from '@rewardbook/local/connection-file';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { packStory } from '../support/pack-story.ts';
import { acceptedSoFar, clientOf, closeAll } from '../support/system-client.ts';
import { outcomeOf, startCommand } from '../support/test-command.ts';
import { undisturbed } from '../support/undisturbed.ts';
import { findFreePorts, makeDataFolder, startUp } from '../support/up.ts';

const EVENTS = 12_000;
const RATE = 3_000; // four seconds, in which the system is stopped

let folder: string;
beforeAll(async () => {
  folder = await makeDataFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('SIGTERM during a replay loses nothing: the replay goes on with the system that comes back, to the same result', async () => {
  const story = await packStory({ events: EVENTS });
  const { program } = story.policy;
  const file = join(folder, 'events.ndjson');
  await writeFile(file, story.events.map((event) => `${eventLine(event)}\n`).join(''));

  const port = await findFreePorts();
  let up = await startUp(folder, port);
  const connection = await readConnection(folder);
  if (connection === undefined) {
    throw new Error('up wrote no connection');
  }
  const client = clientOf(connection);
  await putPolicy(client, story.policy);
  await postCreators(client, program, JSON.stringify(story.creators), 'application/json');

  const replaying = startCommand([
    'replay',
    file,
    '--program',
    program,
    '--rate',
    String(RATE),
    '--data',
    folder,
    '--json',
  ]);
  const replayed = outcomeOf(replaying);
  // Waits on what has come in, not on the clock: the stop falls into the replay.
  await expect
    .poll(() => acceptedSoFar(client, program), { timeout: 60_000, interval: 50 })
    .toBeGreaterThan(EVENTS / 4);
  up.child.kill('SIGTERM');
  expect(await up.ended).toMatchObject({ code: 0 });
  up = await startUp(folder, port);
  const run = await replayed;
  expect(run).toMatchObject({ code: 0 });
  const summary = z.object({ accepted: z.int(), duplicates: z.int(), retries: z.int() }).parse(JSON.parse(run.stdout));
  expect(summary.retries).toBeGreaterThan(0);
  expect(summary.accepted + summary.duplicates).toBe(EVENTS);
  expect(await closeAll(client, program, story.revenue)).toEqual(undisturbed(story));
  expect(await verifyProgram(client, program)).toMatchObject({ ok: true });
  up.child.kill('SIGTERM');
  await up.ended;
}, 120_000);
