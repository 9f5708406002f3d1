import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, readConfig, serviceEnvironment, startOrSayWhatLacks } from '@rewardbook/runtime/config';
import { createLogger } from '@rewardbook/runtime/logger';
import { serve } from '@rewardbook/runtime/serve';
import { z } from 'zod';
import { compose } from './compose.ts';

const BUILT_APP = fileURLToPath(new URL('../../../packages/console/dist', import.meta.url));
const MIN_SECRET_LENGTH = 32;

const { HOST, PORT, LOG_LEVEL } = serviceEnvironment;
const address = z
  .string({ error: 'is not set; give http://host:port' })
  .regex(/^https?:\/\//, { error: 'must begin with http:// or https://' })
  .refine((text) => URL.canParse(text), { error: 'is not an address' });
const environment = {
  HOST,
  PORT: PORT.default(4104),
  LOG_LEVEL,
  EVENTS_URL: address,
  LEDGER_URL: address,
  REPORTS_URL: address,
  ORIGIN: address
    .refine((text) => !URL.canParse(text) || new URL(text).origin === text, {
      error: 'must be an origin: https://host, no path',
    })
    .optional(),
  SESSION_SECRET: z.string().min(MIN_SECRET_LENGTH, { error: 'must have 32 characters or more' }).optional(),
  SESSION_SECRET_FILE: z.string().optional(),
  TRUSTED_PROXIES: z.string().optional(),
  APP_FOLDER: z.string().default(BUILT_APP),
};

/** @throws ConfigError */
async function readSecret(given: string | undefined, file: string | undefined): Promise<string> {
  if (given !== undefined) {
    return given;
  }
  if (file === undefined) {
    throw new ConfigError('Set SESSION_SECRET or SESSION_SECRET_FILE: all copies of the console need the same secret');
  }
  const secret = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`SESSION_SECRET_FILE cannot be read: ${file}`, { cause });
  });
  if (secret.trim().length < MIN_SECRET_LENGTH) {
    throw new ConfigError(`SESSION_SECRET_FILE must have ${MIN_SECRET_LENGTH} characters or more: ${file}`);
  }
  return secret.trim();
}

/** @throws ConfigError */
async function checkApp(folder: string): Promise<void> {
  await stat(join(folder, 'index.html')).catch((cause: unknown) => {
    throw new ConfigError(`There is no built app in ${folder}; build packages/console, or set APP_FOLDER`, { cause });
  });
}

await startOrSayWhatLacks(async () => {
  const config = readConfig(environment, process.env);
  const secret = await readSecret(config.SESSION_SECRET, config.SESSION_SECRET_FILE);
  await checkApp(config.APP_FOLDER);
  const logger = createLogger({ name: 'console', level: config.LOG_LEVEL });
  const service = await compose({
    addresses: { events: config.EVENTS_URL, ledger: config.LEDGER_URL, reports: config.REPORTS_URL },
    findApp: async () => config.APP_FOLDER,
    secret,
    ...(config.ORIGIN === undefined ? {} : { origin: config.ORIGIN }),
    ...(config.TRUSTED_PROXIES === undefined ? {} : { trustedProxies: config.TRUSTED_PROXIES }),
    logger,
  });
  await service.app.ready();
  const url = await serve(service, { host: config.HOST, port: config.PORT }, process);
  logger.info({ url }, 'listening');
}, process);
