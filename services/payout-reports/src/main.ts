import { readConfig, serviceEnvironment, startOrSayWhatLacks } from '@rewardbook/runtime/config';
import { createLogger } from '@rewardbook/runtime/logger';
import { surviveLostTypeQueries } from '@rewardbook/runtime/lost-type-query';
import { serve } from '@rewardbook/runtime/serve';
import { compose } from './compose.ts';

const environment = { ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(4103) };

await startOrSayWhatLacks(async () => {
  const config = readConfig(environment, process.env);
  const logger = createLogger({ name: 'payout-reports', level: config.LOG_LEVEL });
  surviveLostTypeQueries(process, logger);
  const service = await compose({ databaseUrl: config.DATABASE_URL, logger });
  await service.app.ready();
  const url = await serve(service, { host: config.HOST, port: config.PORT }, process);
  logger.info({ url }, 'listening');
}, process);
