import { type Environment, readConfig, serviceEnvironment, startOrSayWhatLacks } from '@rewardbook/runtime/config';
import { createLogger } from '@rewardbook/runtime/logger';
import { surviveLostTypeQueries } from '@rewardbook/runtime/lost-type-query';
import { type Composed, serve } from '@rewardbook/runtime/serve';
import { openQueues, type Queues } from './queues.ts';

/** What a service that works with the queues is made of. */
export interface QueueServiceParts {
  readonly databaseUrl: string;
  readonly queues: Queues;
  readonly logger: ReturnType<typeof createLogger>;
}

export interface QueueService {
  readonly name: string;
  /** Where PORT is not set. */
  readonly port: number;
  compose(parts: QueueServiceParts): Promise<Composed>;
}

/** Starts a service over the queues that its environment names, which are closed after it. */
export function startQueueService(
  { name, port, compose }: QueueService,
  environment: Environment,
  process: NodeJS.Process,
): Promise<void> {
  const shape = { ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(port) };
  return startOrSayWhatLacks(async () => {
    const config = readConfig(shape, environment);
    const logger = createLogger({ name, level: config.LOG_LEVEL });
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
}
