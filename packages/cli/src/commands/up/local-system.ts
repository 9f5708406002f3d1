import { once } from 'node:events';
import type { LocalOptions, LocalSystem } from '@rewardbook/local/start-local';
import { Interrupted, serverError } from '../../terminal/failure.ts';
import type { Io } from '../../terminal/io.ts';
import { renderFacts } from '../../terminal/table.ts';

// Errors whose messages say what to do; by name, so that their modules are loaded only where a system is started.
const EXPLAINED = new Set([
  'LocalSystemError',
  'EmbeddedPostgresError',
  'DatabaseUnfit',
  'ConnectionFileError',
  'QueueError',
  'ConfigError',
]);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
]);

// A data folder that cannot be used.
const FOLDER_FAULTS = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'ENOTDIR',
  'EEXIST',
  'EISDIR',
  'ENAMETOOLONG',
  'ELOOP',
]);

/** Servers that the environment names, for a system that is to stay. */
export function serversOf({ env }: Io): Pick<LocalOptions, 'databaseUrl' | 'redisUrl'> {
  const { DATABASE_URL, REDIS_URL } = env;
  return { ...(DATABASE_URL ? { databaseUrl: DATABASE_URL } : {}), ...(REDIS_URL ? { redisUrl: REDIS_URL } : {}) };
}

/** Starts a system, runs `use` with it, and stops it in any case. @throws CliFailure 3 where it does not start or ends */
export async function withLocalSystem(
  options: LocalOptions,
  io: Io,
  use: (system: LocalSystem) => Promise<void>,
): Promise<void> {
  const { startLocal } = await import('@rewardbook/local/start-local');
  const { LOG_LEVEL } = io.env;
  const system = await startLocal({
    ...(LOG_LEVEL ? { logLevel: LOG_LEVEL } : {}),
    ...options,
    process,
  }).catch(explain);
  try {
    if (io.signal.aborted) {
      throw new Interrupted();
    }
    await Promise.race([use(system), system.failed]).catch(explain);
  } finally {
    await system.close();
  }
}

/** Resolves when the process is asked to stop. */
export async function untilStopped(io: Io): Promise<void> {
  if (!io.signal.aborted) {
    await once(io.signal, 'abort');
  }
}

/**
 * A link that signs in to the console, for people; '' and the reason on stderr where the console cannot be shown. On a terminal the console
 * is built by then; elsewhere when a page is first asked for.
 */
export async function describeConsole(system: LocalSystem, io: Io): Promise<string> {
  if (io.stdout.isTTY === true) {
    try {
      await system.buildConsole();
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ConsoleAppError')) {
        throw error;
      }
      io.stderr.write(`There is no console to look at: ${error.message}\n`);
      return '';
    }
  }
  return `The console: ${system.consoleLink()}\n(the link signs in once, within ten minutes)\n`;
}

/** Where a system is, for people. */
export function describeSystem({ urls, dataDir }: LocalSystem): string {
  return renderFacts([
    ['console', urls.console],
    ['front', urls.front],
    ['engagement-events', `${urls.events}/docs`],
    ['ledger', `${urls.ledger}/docs`],
    ['payout-reports', `${urls.reports}/docs`],
    ['data and keys', `${dataDir} (rewardbook.json)`],
  ]);
}

function explain(error: unknown): never {
  if (error instanceof Error && EXPLAINED.has(error.name)) {
    throw serverError(error.message, error);
  }
  if (error instanceof Error && 'code' in error && FOLDER_FAULTS.has(String(error.code))) {
    throw serverError(`${error.message}; choose another data folder with --data`, error);
  }
  if (error instanceof Error && 'code' in error && UNREACHABLE.has(String(error.code))) {
    throw serverError(`${error.message}: no server answers there; see DATABASE_URL and REDIS_URL`, error);
  }
  if (error instanceof Error && error.name === 'PostgresError') {
    throw serverError(
      `The database refuses: ${error.message}. The role of DATABASE_URL must be able to make schemas and roles`,
      error,
    );
  }
  throw error;
}
