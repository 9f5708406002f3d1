import { putPolicy } from '@rewardbook/cli/commands/program/apply-program';
import { verifyProgram } from '@rewardbook/cli/commands/verify/verify';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, redisMissing, startRedisServer } from '../support/redis-server.ts';
import { clientOf, closeAll } from '../support/system-client.ts';
import { runCommand } from '../support/test-command.ts';
import {
  monthlyRevenue,
  TRUST_ALPHA,
  trustAlphaEvents,
  trustAlphaMissing,
  trustPolicy,
} from '../support/trust-alpha.ts';
import { undisturbed } from '../support/undisturbed.ts';

const program = 'trust';

describe.skipIf(trustAlphaMissing !== undefined)(
  `real events, shuffled and twice over${trustAlphaMissing ? ` (${trustAlphaMissing})` : ''}`,
  () => {
    const policy = trustPolicy(program);
    let revenue: Map<string, string>;
    let expected: Map<string, string>;
    beforeAll(() => {
      const events = trustAlphaEvents();
      revenue = monthlyRevenue(events, '1000.00');
      expected = undisturbed({ policy, creators: [], events, revenue });
    });

    it('are simulated by the command to the same bytes', async () => {
      const args = [...revenue].map(([period, amount]) => `${period}=${amount}`);
      const run = await runCommand(
        ['simulate', '--policy', '-', '--events', TRUST_ALPHA, '--revenue', ...args, '--json'],
        { stdin: JSON.stringify(policy) },
      );
      expect(run.code).toBe(0);
      expect(run.stdout.slice(run.stdout.indexOf('"periods":') + '"periods":'.length)).toBe(
        `[${[...expected.values()].join(',')}]}\n`,
      );
    });

    describe.each([
      ['in Postgres', false],
      ['in Redis', true],
    ])('with the queue %s', (_, inRedis) => {
      const missing = inRedis ? redisMissing : undefined;
      let redis: RedisServer | undefined;
      let system: LocalSystem;
      beforeAll(async () => {
        if (missing !== undefined) {
          return;
        }
        if (inRedis) {
          redis = await startRedisServer();
        }
        system = await startLocal({ port: 0, durable: false, ...(redis === undefined ? {} : { redisUrl: redis.url }) });
      });
      afterAll(async () => {
        await system?.close();
        await redis?.stop();
      });

      it.skipIf(missing !== undefined)(
        `close month by month to the simulation of the file, to the byte${missing ? ` (${missing})` : ''}`,
        async () => {
          const client = clientOf(system);
          await putPolicy(client, policy);
          const replayed = await runCommand(
            ['replay', TRUST_ALPHA, '--program', program, '--shuffle', 'trust', '--repeat', '2', '--json'],
            { env: { REWARDBOOK_DATA: system.dataDir } },
          );
          expect(JSON.parse(replayed.stdout)).toMatchObject({
            accepted: 33_076,
            duplicates: 33_076,
            conflicts: 0,
            rejected: 0,
          });
          const results = await closeAll(client, program, revenue);
          expect([...results.keys()]).toEqual([...expected.keys()]);
          for (const [period, text] of expected) {
            expect(results.get(period)).toBe(text);
          }
          expect(await verifyProgram(client, program)).toMatchObject({ ok: true });
          client.close();
        },
        120_000,
      );
    });
  },
);
