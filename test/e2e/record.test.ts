import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { periodAt } from '@rewardbook/domain/values/period';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packStory } from '../support/pack-story.ts';
import { clientOf, closeAll } from '../support/system-client.ts';
import type { Run } from '../support/test-command.ts';
import { runHere } from '../support/test-run.ts';
import { type Story, undisturbed } from '../support/undisturbed.ts';

// Two systems: a program's name is part of its results.
let folder: string;
let systems: LocalSystem[];
let story: Story;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-record-'));
  systems = await Promise.all([0, 0].map((port) => startLocal({ port, durable: false })));
  story = await packStory({ events: 4_000, creators: 60, viewers: 500 });
});
afterAll(async () => {
  await Promise.all(systems.map((system) => system.close()));
  await rm(folder, { recursive: true, force: true });
});

function rewardbook(system: LocalSystem, args: string): Promise<Run> {
  return runHere([...args.split(' '), '--data', system.dataDir]);
}

async function closed(system: LocalSystem): Promise<Map<string, string>> {
  const client = clientOf(system);
  const results = await closeAll(client, story.policy.program, story.revenue);
  client.close();
  return results;
}

it('what was recorded after a replay full of faults gives the same results in a fresh program', async () => {
  const [first, second] = systems;
  if (first === undefined || second === undefined) {
    throw new Error('there are two systems');
  }
  const { program } = story.policy;
  for (const system of systems) {
    const client = clientOf(system);
    await putPolicy(client, story.policy);
    client.close();
  }
  const events = join(folder, 'events.ndjson');
  await writeFile(events, story.events.map((event) => `${eventLine(event)}\n`).join(''));

  const sent = await rewardbook(
    first,
    `replay ${events} --program ${program} --json --seed 5 --shuffle --repeat 2 --late 0.1 --fault all --fault-chance 0.9 --batch 200`,
  );
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(sent.stdout)).toMatchObject({ rejected: 0, conflicts: 0, onPurpose: { unnoticed: {} } });

  const files = ['a.ndjson.gz', 'b.ndjson', 'october.ndjson'].map((name) => join(folder, name));
  const [packed = '', plain = '', october = ''] = files;
  expect((await rewardbook(first, `record --program ${program} -o ${packed}`)).stderr).toBe('4,000 events\n');
  await rewardbook(first, `record --program ${program} -o ${plain}`);
  const text = await readFile(plain, 'utf8');
  expect(gunzipSync(await readFile(packed)).toString('utf8')).toBe(text);

  const [period = ''] = story.revenue.keys();
  const recorded = await rewardbook(first, `record --program ${program} --period ${period} -o ${october} --json`);
  const ofPeriod = text.split('\n').filter((line) => line !== '' && periodOf(line) === period);
  expect(ofPeriod.length).toBeLessThan(4_000);
  expect(JSON.parse(recorded.stdout)).toEqual({ program, period, events: ofPeriod.length });
  expect((await readFile(october, 'utf8')).trimEnd().split('\n')).toEqual(ofPeriod);

  await rewardbook(second, `replay ${packed} --program ${program}`);
  const results = await closed(second);
  expect(results).toEqual(await closed(first));
  expect(results).toEqual(undisturbed({ ...story, creators: [] }));

  const wrong = await rewardbook(first, `record --program ${program} --period 2026-W40`);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('periods are months, such as 2026-10');
});

function periodOf(line: string): string {
  const { occurredAt }: { occurredAt: string } = JSON.parse(line);
  return periodAt(parseInstant(occurredAt) ?? Number.NaN, story.policy.period, story.policy.timeZone);
}
