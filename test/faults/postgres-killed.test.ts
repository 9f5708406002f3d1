import { setTimeout as delay } from 'node:timers/promises';
import { closePeriod } from '@rewardbook/cli/commands/close/close';
import { postCreators } from '@rewardbook/cli/commands/creators/import-creators';
import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { replay, untilTallied } from '@rewardbook/cli/commands/replay/replay';
import { postRevenue } from '@rewardbook/cli/commands/revenue/book-revenue';
import { verifyProgram } from '@rewardbook/cli/commands/verify/verify';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { steady } from '@rewardbook/replay/pace';
import { seededRandom } from '@rewardbook/replay/random';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientOf, closeAll, never, resultText } from '../support/system-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { undisturbed } from '../support/undisturbed.ts';
import { linesOf, weeklyStory } from './weekly-story.ts';

const KILLS_PER_PHASE = 10;

let database: TestDatabase;
let system: LocalSystem;
let owner: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  system = await startLocal({ port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  owner = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await system?.close();
  await owner?.end();
  await database?.drop();
});

/** Ends every connection of the services and of the queue, or those that wait where a test has them wait. */
async function killBackends(onlySleeping = false): Promise<number> {
  const killed = await owner`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename <> current_user AND (NOT ${onlySleeping} OR wait_event = 'PgSleep')`;
  return killed.length;
}

it('every backend killed at random moments, again and again, the books come to the undisturbed result', async () => {
  const story = await weeklyStory(12_000);
  const { program } = story.policy;
  const client = clientOf(system);
  await putPolicy(client, story.policy);
  await postCreators(client, program, JSON.stringify(story.creators), 'application/json');
  const random = seededRandom('backends');
  // At most KILLS_PER_PHASE: on a machine where a close takes longer than the pauses, the work would never finish.
  const killingDuring = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    for (let kills = 0; kills < KILLS_PER_PHASE && !isDone; kills += 1) {
      await delay(random(700)); // a random moment is the point here
      await killBackends();
    }
    return done;
  };
  const sending = replay(
    client,
    { program, lines: linesOf(story), pace: steady(4_000), concurrency: 2, onProgress: () => undefined },
    never,
  );
  expect(await killingDuring(sending)).toMatchObject({ rejected: 0, conflicts: 0 });
  expect(await killingDuring(closeAll(client, program, story.revenue))).toEqual(undisturbed(story));
  await untilTallied(client, program, never);
  expect(await verifyProgram(client, program)).toMatchObject({ ok: true });
  client.close();
}, 120_000);

it('a backend killed in the middle of each step of a close: the system finishes the close by itself, once', async () => {
  const STEPS = [
    'close',
    'close_attempt',
    'engagement',
    'allocation',
    'posting_line',
    'posting_sheet',
    'journal_entry',
  ];
  await owner.unsafe(`
    CREATE TABLE public.paused (name text PRIMARY KEY);
    CREATE FUNCTION public.pause_here() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM public.paused WHERE name = TG_TABLE_NAME) THEN PERFORM pg_sleep(60); END IF;
      RETURN NULL;
    END $$;
    GRANT SELECT ON public.paused TO PUBLIC`);
  for (const table of STEPS) {
    await owner.unsafe(`CREATE TRIGGER pause AFTER INSERT ON rewardbook.${table}
      FOR EACH STATEMENT EXECUTE FUNCTION public.pause_here()`);
  }
  const whole = await weeklyStory(4_000);
  const story = {
    ...whole,
    policy: { ...whole.policy, program: 'steps' },
    revenue: new Map([...whole.revenue].slice(0, STEPS.length)),
  };
  const client = clientOf(system);
  await putPolicy(client, story.policy);
  await postCreators(client, 'steps', JSON.stringify(story.creators), 'application/json');
  await replay(
    client,
    { program: 'steps', lines: linesOf(story), pace: () => 0, concurrency: 2, onProgress: () => undefined },
    never,
  );
  const expected = undisturbed(story);
  for (const [index, [period, amount]] of [...story.revenue].entries()) {
    const table = STEPS[index] ?? '';
    await postRevenue(client, 'steps', { period, amount, reference: period });
    await owner`INSERT INTO public.paused (name) VALUES (${table})`;
    const closing = closePeriod(client, 'steps', period, never);
    closing.catch(() => undefined);
    await expect.poll(() => killBackends(true), { timeout: 20_000, interval: 10 }).toBeGreaterThan(0);
    await owner`DELETE FROM public.paused`;
    await closing;
    expect([table, await resultText(client, 'steps', period)]).toEqual([table, expected.get(period)]);
  }
  expect(await verifyProgram(client, 'steps')).toMatchObject({ ok: true });
  client.close();
}, 120_000);
