import { compose } from '@rewardbook/engagement-events/compose';
import { openQueues } from '@rewardbook/queue/queues';
import { createLogger } from '@rewardbook/runtime/logger';

// Run by ingest-system.ts in its own process, as the service is. Prints its address.
const databaseUrl = process.env.DATABASE_URL ?? '';
const redisUrl = process.env.REDIS_URL;
const logger = createLogger({ name: 'bench', level: 'warn' });
const queues = await openQueues(redisUrl ? { redisUrl } : { postgresUrl: databaseUrl }, logger);
const service = await compose({ databaseUrl, queues, logger });
console.log(await service.app.listen({ port: 0, host: '127.0.0.1' }));
process.on('SIGTERM', async () => {
  process.stderr.write(`    service: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most\n`);
  await service.app.close();
  await service.close();
  await queues.close();
  process.exit(0);
});
