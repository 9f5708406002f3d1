import { setTimeout as delay } from 'node:timers/promises';
import { postCreators } from '@rewardbook/cli/commands/creators/import-creators';
import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { replay, untilTallied } from '@rewardbook/cli/commands/replay/replay';
import { verifyProgram } from '@rewardbook/cli/commands/verify/verify';
import { compose as composeEvents } from '@rewardbook/engagement-events/compose';
import { findFreePort } from '@rewardbook/local/free-port';
import { newKeys, storeKeys } from '@rewardbook/local/provision';
import { openQueues } from '@rewardbook/queue/queues';
import { steady } from '@rewardbook/replay/pace';
import { seededRandom } from '@rewardbook/replay/random';
import { createLogger } from '@rewardbook/runtime/logger';
import { describe, it } from 'vitest';
import { redisMissing, startRedisServer } from '../support/redis-server.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { clientOf, closeAll, never } from '../support/system-client.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { undisturbed } from '../support/undisturbed.ts';
import { linesOf, weeklyStory } from './weekly-story.ts';

const EVENTS = 8_000;
const RATE = 2_000; // four seconds and more
const KILLS_PER_PHASE = 4;

// The ledger process is killed again and again while events come in, and again while periods close. What was tallied and
// not acknowledged, begun and not committed, runs again in the next process. Side by side: both mostly wait for a process that starts.
describe.concurrent.each([
  ['in Postgres', undefined, false],
  ['in Redis', redisMissing, true],
])('the ledger killed with SIGKILL at random moments, the queue %s', (_, missing, inRedis) => {
  it.skipIf(missing !== undefined)(
    `comes to the undisturbed result${missing ? ` (${missing})` : ''}`,
    async ({ expect }) => {
      const random = seededRandom(`kills ${inRedis}`);
      const story = await weeklyStory(EVENTS);
      const { program } = story.policy;
      const database = await createTestDatabase();
      const redis = inRedis ? await startRedisServer() : undefined;
      const logger = createLogger({ name: 'test', level: 'silent' });
      const queues = await openQueues(
        redis === undefined ? { postgresUrl: database.serviceUrls.ledger } : { redisUrl: redis.url },
        logger,
      );
      const events = await composeEvents({ databaseUrl: database.serviceUrls.events, queues, logger });
      const keys = newKeys();
      await storeKeys(database.ownerUrl, keys);
      const port = await findFreePort();
      const ledger = await startServiceProcess('ledger', port, {
        DATABASE_URL: database.serviceUrls.ledger,
        ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
      });
      const ledgerUrl = `http://127.0.0.1:${port}`;
      const urls = {
        front: ledgerUrl,
        ledger: ledgerUrl,
        reports: ledgerUrl,
        events: await events.app.listen({ port: 0 }),
      };
      const client = clientOf({ urls, keys });

      /** Kills the ledger while `work` goes on, at most KILLS_PER_PHASE times. */
      const killingDuring = async <T>(work: Promise<T>): Promise<T> => {
        let isDone = false;
        const done = work.finally(() => {
          isDone = true;
        });
        done.catch(() => undefined);
        for (let kills = 0; kills < KILLS_PER_PHASE && !isDone; kills += 1) {
          await delay(random(800)); // a random moment is the point here
          await ledger.killAndRestart();
        }
        return done;
      };

      try {
        await putPolicy(client, story.policy);
        await postCreators(client, program, JSON.stringify(story.creators), 'application/json');
        const summary = await killingDuring(
          replay(
            client,
            { program, lines: linesOf(story), pace: steady(RATE), concurrency: 2, onProgress: () => undefined },
            never,
          ),
        );
        expect(summary).toMatchObject({ accepted: EVENTS, rejected: 0, conflicts: 0 });
        const results = await killingDuring(closeAll(client, program, story.revenue));
        expect(results).toEqual(undisturbed(story));
        await untilTallied(client, program, never);
        expect(await verifyProgram(client, program)).toMatchObject({ ok: true });
      } finally {
        client.close();
        await ledger.stop();
        await events.app.close();
        await events.close();
        await queues.close();
        await redis?.stop();
        await database.drop();
      }
    },
    120_000,
  );
});
