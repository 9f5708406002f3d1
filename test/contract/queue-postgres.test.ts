import { openQueues } from '@rewardbook/queue/queues';
import { expect, it } from 'vitest';
import { describeQueues } from './queue-contract.ts';
import { startPostgresQueueServer } from './queue-servers.ts';

describeQueues('Postgres', startPostgresQueueServer);

it('says that Postgres cannot be reached', async () => {
  const backend = { postgresUrl: 'postgres://nobody:x@127.0.0.1:1/none' };
  const logger = { warn: () => undefined, error: () => undefined };
  await expect(openQueues(backend, logger)).rejects.toMatchObject({ name: 'QueueError', code: 'unavailable' });
});
