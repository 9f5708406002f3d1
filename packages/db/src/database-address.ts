import { readFileSync } from 'node:fs';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { DatabaseUnfit } from './errors.ts';

/** What a driver needs to reach a database: an address without TLS parameters, and the TLS options. */
export interface DatabaseAddress {
  readonly url: string;
  /** false: no TLS. */
  readonly ssl: false | ConnectionOptions;
}

const MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
const TLS_WORDS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl', 'sslnegotiation', 'uselibpqcompat'] as const;
const IS_ENCRYPTED = 'require (encrypted), verify-ca or verify-full (encrypted, and the server proves who it is)';

/**
 * Reads a database address the same way for all drivers, which disagree on `sslmode`: as libpq documents it. Without
 * `sslmode` there is no TLS; `require` encrypts and trusts any server; `verify-ca` requires a certificate signed by
 * `sslrootcert`, `verify-full` also one for this host. Without `sslrootcert` Node's certificate authorities are used.
 * `prefer` and `allow`, which fall back to no TLS, are refused.
 *
 * @throws DatabaseUnfit that says what is wrong, without the address: it has a password
 */
export function databaseAddress(address: string): DatabaseAddress {
  if (!URL.canParse(address)) {
    throw new DatabaseUnfit('The database address is not a URL, as postgres://user@host/database.');
  }
  const url = new URL(address);
  const said = Object.fromEntries(TLS_WORDS.map((name) => [name, url.searchParams.get(name) ?? undefined]));
  for (const name of TLS_WORDS) {
    url.searchParams.delete(name);
  }
  const mode = MODES.find((each) => each === (said.sslmode ?? 'disable'));
  if (mode === undefined || said.ssl !== undefined) {
    throw new DatabaseUnfit(
      `The database address asks for TLS in a way that is not known: give sslmode=disable, ${IS_ENCRYPTED}.`,
    );
  }
  if (mode === 'disable') {
    return { url: url.href, ssl: false };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    url: url.href,
    ssl: {
      rejectUnauthorized: mode !== 'require',
      ...(mode === 'require' || said.sslrootcert === undefined ? {} : { ca: readPem(said.sslrootcert, 'sslrootcert') }),
      ...(said.sslcert === undefined ? {} : { cert: readPem(said.sslcert, 'sslcert') }),
      ...(said.sslkey === undefined ? {} : { key: readPem(said.sslkey, 'sslkey') }),
      // By the host of the address, also where it is a number: the drivers would compare with "localhost" then.
      checkServerIdentity: (_host, certificate) =>
        mode === 'verify-full' ? checkServerIdentity(host, certificate) : undefined,
    },
  };
}

function readPem(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DatabaseUnfit(`The database address names ${path} as ${name}, which cannot be read.`, { cause });
  }
}
