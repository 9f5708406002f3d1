import { openQueues } from '@rewardbook/queue/queues';
import { expect, it } from 'vitest';
import { redisMissing } from '../support/redis-server.ts';
import { describeQueues } from './queue-contract.ts';
import { startRedisQueueServer } from './queue-servers.ts';

describeQueues('Redis', startRedisQueueServer, redisMissing);

it('says that Redis cannot be reached', async () => {
  const backend = { redisUrl: 'redis://127.0.0.1:1' };
  const logger = { warn: () => undefined, error: () => undefined };
  await expect(openQueues(backend, logger)).rejects.toMatchObject({ name: 'QueueError', code: 'unavailable' });
});
