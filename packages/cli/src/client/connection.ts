import { type Connection, readConnection, type Urls } from '@rewardbook/local/connection-file';
import { dataFolder } from '@rewardbook/local/data-folder';
import { inputError, serverError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';

export type Service = 'events' | 'ledger' | 'reports';
/** `admin` is the key with all scopes: a key grants only what it has. */
export type KeyScope = 'write' | 'operate' | 'approve' | 'read' | 'payments' | 'admin';

/** How to reach a system. */
export interface System {
  readonly urls: Readonly<Record<Service, string>>;
  keyFor(scope: KeyScope): string;
  /** Where the addresses come from, for messages. */
  readonly origin: string;
}

/**
 * Finds the system: `--data` first, then REWARDBOOK_URL… with REWARDBOOK_KEY, then the default data folder.
 *
 * @throws CliFailure 2 or 3 that says how to give an address
 */
export async function findSystem(data: string | undefined, io: Io): Promise<System> {
  if (data === undefined) {
    const given = await fromEnvironment(io);
    if (given !== undefined) {
      return given;
    }
  }
  const folder = dataFolder(data, io.env);
  const connection = await readConnection(folder).catch((error: unknown) => {
    throw serverError(`Cannot read the connection: ${error instanceof Error ? error.message : String(error)}`, error);
  });
  if (connection === undefined) {
    throw serverError(
      `No system is known in ${folder}: start one with "rewardbook up${data === undefined ? '' : ` --data ${data}`}", ` +
        'name its data folder with --data, or set REWARDBOOK_URL and REWARDBOOK_KEY',
    );
  }
  return systemOf(connection, folder);
}

export function systemOf({ urls, keys }: Pick<Connection, 'urls' | 'keys'>, origin: string): System {
  return {
    urls,
    keyFor: (scope) => {
      const key = keys[scope];
      if (key === undefined) {
        throw inputError(`There is no ${scope} key in ${origin}: start the system again to have one`);
      }
      return key;
    },
    origin,
  };
}

async function fromEnvironment(io: Io): Promise<System | undefined> {
  const { REWARDBOOK_URL: url, REWARDBOOK_KEY: key } = io.env;
  const one = {
    events: io.env.REWARDBOOK_URL_EVENTS,
    ledger: io.env.REWARDBOOK_URL_LEDGER,
    reports: io.env.REWARDBOOK_URL_REPORTS,
  };
  if (!url && !one.events && !one.ledger && !one.reports) {
    return undefined;
  }
  const listed = url ? await askFront(trimmed(url, 'REWARDBOOK_URL'), io) : undefined;
  const pick = (service: Service): string => {
    const given = one[service];
    if (given) {
      return trimmed(given, `REWARDBOOK_URL_${service.toUpperCase()}`);
    }
    if (listed !== undefined) {
      return listed[service];
    }
    throw inputError(`The address of ${service} is not known: set REWARDBOOK_URL_${service.toUpperCase()}`);
  };
  return {
    // Found when used: a command needs one or two of the three.
    urls: {
      get events() {
        return pick('events');
      },
      get ledger() {
        return pick('ledger');
      },
      get reports() {
        return pick('reports');
      },
    },
    keyFor: (scope) => {
      const name = `REWARDBOOK_KEY_${scope.toUpperCase()}`;
      const found = io.env[name] || key;
      if (!found) {
        throw inputError(`REWARDBOOK_URL is set and no API key: set REWARDBOOK_KEY, or ${name} for this scope`);
      }
      return found;
    },
    origin: 'REWARDBOOK_URL',
  };
}

/** The front of `up` lists the services' addresses; anything else at that address is taken for a gateway to all three. */
async function askFront(url: string, io: Io): Promise<Pick<Urls, Service>> {
  const { urlsSchema } = await import('@rewardbook/local/connection-file');
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([io.signal, AbortSignal.timeout(10_000)]),
    });
    const parsed = urlsSchema.safeParse(await answer.json());
    if (parsed.success) {
      return parsed.data;
    }
  } catch {
    // Not a front: a service that does not answer is reported by the request that needs it.
  }
  return { events: url, ledger: url, reports: url };
}

function trimmed(url: string, name: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw inputError(`${name} is "${url}"; give an address as http://127.0.0.1:4100`);
  }
  return url.replace(/\/+$/, '');
}
