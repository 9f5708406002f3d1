import { ConfigError } from '@rewardbook/runtime/config';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, and how to sign in to it. */
export interface RedisAddress {
  readonly kind: 'server' | 'cluster' | 'sentinel';
  /** Of a server one; of a cluster some of its nodes, which know the others; the Sentinels. */
  readonly nodes: readonly RedisNode[];
  readonly isEncrypted: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database; a cluster has 0 alone. */
  readonly database: number;
  /** The name by which Sentinels know the primary. */
  readonly primaryName: string | undefined;
  readonly sentinelPassword: string | undefined;
}

const REDIS_ADDRESS_FORMS =
  'redis://[user:password@]host:port[/database], redis-cluster://[user:password@]host:port,host:port,… or ' +
  'redis-sentinel://[user:password@]host:port,host:port,…/primary-name; rediss… in place of redis… encrypts (TLS)';

const PARTS = /^(rediss?)(?:-(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const NODE = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const MAX_PORT = 65_535;
const MAX_DATABASE = 1_000_000;

/**
 * Reads REDIS_URL.
 *
 * @throws ConfigError which says what is wrong, without the address: it may hold a password
 */
export function parseRedisAddress(text: string): RedisAddress {
  const parts = PARTS.exec(text);
  if (parts === null) {
    throw wrong(`is not one of ${REDIS_ADDRESS_FORMS}`);
  }
  const [, scheme, form, credentials, hosts = '', path = '', query = ''] = parts;
  const kind = form === 'cluster' || form === 'sentinel' ? form : 'server';
  const nodes = hosts.split(',').map((node) => parseNode(node, kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT));
  if (kind === 'server' && nodes.length > 1) {
    throw wrong(
      'has several hosts: write redis-cluster://… for the nodes of a cluster, or redis-sentinel://…/primary-name',
    );
  }
  const colon = credentials?.indexOf(':') ?? -1;
  const [username, password] =
    credentials === undefined
      ? []
      : colon === -1
        ? [decode(credentials)]
        : [decode(credentials.slice(0, colon)), decode(credentials.slice(colon + 1))];
  return {
    kind,
    nodes,
    isEncrypted: scheme === 'rediss',
    username: username === '' ? undefined : username,
    password,
    ...placeOf(kind, decode(path)),
    sentinelPassword: sentinelPasswordOf(kind, query),
  };
}

function placeOf(kind: RedisAddress['kind'], path: string): Pick<RedisAddress, 'database' | 'primaryName'> {
  if (kind === 'sentinel') {
    if (path === '') {
      throw wrong('has no name of the primary: write redis-sentinel://host:port,…/primary-name');
    }
    return { database: 0, primaryName: path };
  }
  const database = path === '' ? 0 : Number(path);
  if (!/^\d*$/.test(path) || database > MAX_DATABASE) {
    throw wrong('must end with the number of a database, or without one');
  }
  if (kind === 'cluster' && database !== 0) {
    throw wrong('names a database: a cluster has none but 0');
  }
  return { database, primaryName: undefined };
}

function sentinelPasswordOf(kind: RedisAddress['kind'], query: string): string | undefined {
  const given = new URLSearchParams(query);
  for (const name of given.keys()) {
    if (name !== 'sentinelPassword' || kind !== 'sentinel') {
      throw wrong('has options that are not known; there is one, sentinelPassword, with redis-sentinel://');
    }
  }
  return given.get('sentinelPassword') ?? undefined;
}

function parseNode(text: string, defaultPort: number): RedisNode {
  const [, address, name, port] = NODE.exec(text) ?? [];
  const host = address ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  if (host === undefined || number < 1 || number > MAX_PORT) {
    throw wrong('has a host that is not host:port');
  }
  return { host, port: number };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw wrong('is not encoded well: write % as %25 and @ as %40 in names and passwords', cause);
  }
}

function wrong(what: string, cause?: unknown): ConfigError {
  return new ConfigError(`REDIS_URL ${what}`, { cause });
}
