import { z } from 'zod';

/** Names and values of an environment, as process.env has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment does not fit; the message lists every fault, with names and without values: some are secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const databaseUrl = z
  .string({ error: 'is not set; give postgres://user:password@host:5432/database' })
  .regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres://' });
// What follows is read by packages/queue.
const redisUrl = z.string().regex(/^rediss?(-cluster|-sentinel)?:\/\//, {
  error: 'must begin with redis://, redis-cluster:// or redis-sentinel://, or the same with rediss',
});

/** What every service reads. Without REDIS_URL the queue is in Postgres. */
export const serviceEnvironment = {
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'must be a number' }).int().min(0).max(65_535),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { error: 'must be a level, as info' })
    .default('info'),
};

/**
 * Typed configuration from an environment. Unknown names are left alone; an empty value counts as not set.
 *
 * @param shape the names, as `{ ...serviceEnvironment, PORT: serviceEnvironment.PORT.default(4101) }`
 */
export function readConfig<Shape extends z.core.$ZodLooseShape>(shape: Shape, environment: Environment) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) {
    return parsed.data;
  }
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new ConfigError(`The environment does not fit:\n  ${faults.join('\n  ')}`);
}

/** Starts a service. What its environment lacks is said on stderr in a sentence, and the process ends with 2. */
export async function startOrSayWhatLacks(
  start: () => Promise<void>,
  process: { readonly stderr: { write(text: string): unknown }; exitCode?: number | string | null | undefined },
): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
