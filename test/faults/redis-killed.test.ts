import { setTimeout as delay } from 'node:timers/promises';
import { postCreators } from '@rewardbook/cli/commands/creators/import-creators';
import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { replay, untilTallied } from '@rewardbook/cli/commands/replay/replay';
import { verifyProgram } from '@rewardbook/cli/commands/verify/verify';
import { startLocal } from '@rewardbook/local/start-local';
import { steady } from '@rewardbook/replay/pace';
import { seededRandom } from '@rewardbook/replay/random';
import { expect, it } from 'vitest';
import { redisMissing, startRedisServer } from '../support/redis-server.ts';
import { clientOf, closeAll, never } from '../support/system-client.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { undisturbed } from '../support/undisturbed.ts';
import { linesOf, weeklyStory } from './weekly-story.ts';

const KILLS_PER_PHASE = 4;

it.skipIf(redisMissing !== undefined)(
  `Redis killed and restarted while events come in and periods close: the books come to the undisturbed result${redisMissing ? ` (${redisMissing})` : ''}`,
  async () => {
    const story = await weeklyStory(12_000);
    const { program } = story.policy;
    const redis = await startRedisServer();
    const database = await createTestDatabase();
    const system = await startLocal({
      port: 0,
      databaseUrl: database.ownerUrl,
      redisUrl: redis.url,
      logLevel: 'silent',
    });
    const random = seededRandom('redis');
    const killingDuring = async <T>(work: Promise<T>): Promise<T> => {
      work.catch(() => undefined);
      for (let kills = 0; kills < KILLS_PER_PHASE; kills += 1) {
        await delay(random(600)); // a random moment is the point here
        await redis.kill();
        await delay(random(300));
        await redis.restart();
      }
      return work;
    };
    const client = clientOf(system);
    try {
      await putPolicy(client, story.policy);
      await postCreators(client, program, JSON.stringify(story.creators), 'application/json');
      const sending = replay(
        client,
        { program, lines: linesOf(story), pace: steady(4_000), concurrency: 2, onProgress: () => undefined },
        never,
      );
      // Events are durable whether or not the queue takes their tally: none is sent twice for it.
      expect(await killingDuring(sending)).toMatchObject({ accepted: 12_000, duplicates: 0, rejected: 0 });
      expect(await killingDuring(closeAll(client, program, story.revenue))).toEqual(undisturbed(story));
      await untilTallied(client, program, never);
      expect(await verifyProgram(client, program)).toMatchObject({ ok: true });
    } finally {
      client.close();
      await system.close();
      await redis.stop();
      await database.drop();
    }
  },
  120_000,
);
