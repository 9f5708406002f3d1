import { openQueues } from '@rewardbook/queue/queues';
import { ConfigError, readConfig, serviceEnvironment } from '@rewardbook/runtime/config';
import { createLogger } from '@rewardbook/runtime/logger';
import { surviveLostTypeQueries } from '@rewardbook/runtime/lost-type-query';
import { serve } from '@rewardbook/runtime/serve';
import { compose } from './compose.ts';

const PORT = 4101;

async function main(): Promise<void> {
  const config = readConfig({ ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(PORT) }, process.env);
  const logger = createLogger({ name: 'engagement-events', level: config.LOG_LEVEL });
  surviveLostTypeQueries(process, logger);
  const backend =
    config.REDIS_URL === undefined ? { postgresUrl: config.DATABASE_URL } : { redisUrl: config.REDIS_URL };
  const queues = await openQueues(backend, logger);
  const service = await compose({ databaseUrl: config.DATABASE_URL, queues, logger });
  const close = async () => {
    await service.close();
    await queues.close();
  };
  const url = await serve({ ...service, close }, { host: config.HOST, port: config.PORT }, process);
  logger.info({ url }, 'engagement-events listens');
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(error instanceof ConfigError ? 2 : 3);
});
