import { closePeriod } from '@rewardbook/cli/commands/close/close';
import { postCreators } from '@rewardbook/cli/commands/creators/import-creators';
import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { replay, untilTallied } from '@rewardbook/cli/commands/replay/replay';
import { postRevenue } from '@rewardbook/cli/commands/revenue/book-revenue';
import { verifyProgram } from '@rewardbook/cli/commands/verify/verify';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putOnSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { clientOf, never, resultText } from '../support/system-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { undisturbed } from '../support/undisturbed.ts';
import { linesOf, weeklyStory } from './weekly-story.ts';

let database: TestDatabase;
let system: LocalSystem;
let owner: postgres.Sql;
let disk: SmallDisk;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
  disk = await putOnSmallDisk(owner, ['rewardbook.event', 'rewardbook.engagement', 'rewardbook.allocation']);
  system = await startLocal({ port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
});
afterAll(async () => {
  await system?.close();
  await owner?.end();
  await database?.drop();
  const admin = postgres(database.ownerUrl.replace(database.name, 'postgres'), { max: 1 });
  await disk?.remove(admin);
  await admin.end();
});

it('a full disk: events are waited for and none is lost, a close says why it fails, and both go on once there is room', async () => {
  const story = await weeklyStory(12_000);
  const { program } = story.policy;
  const client = clientOf(system);
  await putPolicy(client, story.policy);
  await postCreators(client, program, JSON.stringify(story.creators), 'application/json');

  await disk.fill();
  const reasons: string[] = [];
  const sending = replay(
    client,
    {
      program,
      lines: linesOf(story),
      pace: () => 0,
      concurrency: 2,
      onProgress: () => undefined,
      onWaiting: (reason) => reasons.push(reason),
    },
    never,
  );
  sending.catch(() => undefined);
  await expect.poll(() => reasons.join('\n'), { timeout: 30_000 }).toContain('[database-full]');
  const answer = await fetch(`${system.urls.events}/v1/programs/${program}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.keys.write}`, 'content-type': 'application/x-ndjson' },
    body: story.events.slice(0, 5_000).map(eventLine).join('\n'),
  });
  expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([503, true]);
  await disk.free();
  expect(await sending).toMatchObject({ rejected: 0, conflicts: 0 });

  const [[period, amount] = ['', '']] = story.revenue;
  await postRevenue(client, program, { period, amount, reference: period });
  await disk.fill();
  await expect(closePeriod(client, program, period, never)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/goes on failing: .*No space left on device/),
  });
  await disk.free();
  await closePeriod(client, program, period, never);
  expect(await resultText(client, program, period)).toBe(undisturbed(story).get(period));
  await untilTallied(client, program, never);
  expect(await verifyProgram(client, program)).toMatchObject({ ok: true });
  client.close();
}, 180_000);
