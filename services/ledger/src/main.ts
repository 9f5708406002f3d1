import process from 'node:process';
import { openQueues } from '@rewardbook/queue/queues';
import { readConfig, serviceEnvironment } from '@rewardbook/runtime/config';
import { createLogger } from '@rewardbook/runtime/logger';
import { surviveLostTypeQueries } from '@rewardbook/runtime/lost-type-query';
import { serve } from '@rewardbook/runtime/serve';
import { compose } from './compose.ts';

const DEFAULT_PORT = 4102;

const config = readConfig({ ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(DEFAULT_PORT) }, process.env);
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
logger.info({ url }, 'ledger is listening');
