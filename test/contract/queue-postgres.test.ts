import { openQueues } from '@rewardbook/queue/queues';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/test-database.ts';
import { describeQueues } from './queue-contract.ts';
import { startPostgresQueueServer } from './queue-servers.ts';

describeQueues('Postgres', startPostgresQueueServer);

it('says that Postgres cannot be reached', async () => {
  const backend = { postgresUrl: 'postgres://nobody:x@127.0.0.1:1/none' };
  const logger = { warn: () => undefined, error: () => undefined };
  await expect(openQueues(backend, logger)).rejects.toMatchObject({ name: 'QueueError', code: 'unavailable' });
});

it('lets the services use the queue in Postgres, not change how it is made', async () => {
  const database = await createTestDatabase();
  const sql = postgres(database.serviceUrl, { max: 1 });
  try {
    expect(await sql`SELECT count(*)::integer AS n FROM bullmq.job`).toEqual([{ n: 0 }]);
    for (const statement of [
      'CREATE TABLE bullmq.mine (n integer)',
      'TRUNCATE bullmq.job',
      'DELETE FROM bullmq.migration',
      'DROP FUNCTION bullmq.next_job_id',
    ]) {
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    }
  } finally {
    await sql.end();
    await database.drop();
  }
});
