import { openQueues } from '@rewardbook/queue/queues';
import { readConfig, serviceEnvironment, startOrSayWhatLacks } from '@rewardbook/runtime/config';
import { createLogger } from '@rewardbook/runtime/logger';
import { surviveLostTypeQueries } from '@rewardbook/runtime/lost-type-query';
import { serve } from '@rewardbook/runtime/serve';
import { compose } from './compose.ts';

const environment = { ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(4102) };

await startOrSayWhatLacks(async () => {
  const config = readConfig(environment, process.env);
  const logger = createLogger({ name: 'ledger', level: config.LOG_LEVEL });
  surviveLostTypeQueries(process, logger);
  const queues = await openQueues(
    config.REDIS_URL === undefined ? { postgresUrl: config.DATABASE_URL } : { redisUrl: config.REDIS_URL },
    logger,
  );
  const service = await compose({ databaseUrl: config.DATABASE_URL, queues, logger });
  const close = async (): Promise<void> => {
    await service.close();
    await queues.close();
  };
  const url = await serve({ ...service, close }, { host: config.HOST, port: config.PORT }, process);
  logger.info({ url }, 'listening');
}, process);
