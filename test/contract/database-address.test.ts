import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@rewardbook/db/client';
import { databaseAddress } from '@rewardbook/db/database-address';
import { migrate } from '@rewardbook/db/migrate';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@rewardbook/local/embedded-postgres';
import { migrateQueue } from '@rewardbook/queue/migrate';
import { openQueues } from '@rewardbook/queue/queues';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../support/certificates.ts';

// One reading of an address, by both drivers, on a server with TLS and a certificate for 127.0.0.1.

let server: EmbeddedPostgres;
let folder: string;
const ours = makeAuthority('Authority of a test');
const others = makeAuthority('Another authority');

beforeAll(async () => {
  server = await startEmbeddedPostgres({ durable: false });
  const cluster = join(server.dataDir, 'cluster');
  const { uid, gid } = await stat(cluster);
  const { certificate, key } = ours.issue('127.0.0.1');
  for (const [name, text] of [
    ['server.crt', certificate],
    ['server.key', key],
  ] as const) {
    const path = join(cluster, name);
    await writeFile(path, text, { mode: 0o600 });
    await chown(path, uid, gid);
  }
  const sql = connect(server.url, { max: 1 });
  await sql`ALTER SYSTEM SET ssl = on`;
  await sql`SELECT pg_reload_conf()`;
  await sql.end();
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-tls-'));
  await writeFile(join(folder, 'ours.crt'), ours.certificate);
  await writeFile(join(folder, 'others.crt'), others.certificate);
}, 60_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function addressOf(host: string, query: string): string {
  const url = new URL(server.url);
  url.hostname = host;
  return `${url.href}${query === '' ? '' : `?${query.replaceAll('FOLDER', encodeURIComponent(folder))}`}`;
}

const IS_ENCRYPTED = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

const DRIVERS: readonly [string, (address: string) => Promise<boolean | undefined>][] = [
  [
    'postgres.js',
    async (address) => {
      const sql = connect(address, { max: 1 });
      try {
        const [row] = await sql.unsafe<{ ssl: boolean }[]>(IS_ENCRYPTED);
        return row?.ssl;
      } finally {
        await sql.end({ timeout: 1 });
      }
    },
  ],
  [
    'pg',
    async (address) => {
      const { url, ssl } = databaseAddress(address);
      const client = new pg.Client({ connectionString: url, ssl });
      await client.connect();
      try {
        return (await client.query<{ ssl: boolean }>(IS_ENCRYPTED)).rows[0]?.ssl;
      } finally {
        await client.end();
      }
    },
  ],
];

describe.each(DRIVERS)('an address, read by %s', (_name, ask) => {
  it.each([
    ['127.0.0.1', '', false],
    ['127.0.0.1', 'sslmode=disable', false],
    ['127.0.0.1', 'sslmode=require', true],
    ['localhost', 'sslmode=require&sslrootcert=FOLDER/others.crt', true],
    ['127.0.0.1', 'sslmode=verify-ca&sslrootcert=FOLDER/ours.crt', true],
    ['localhost', 'sslmode=verify-ca&sslrootcert=FOLDER/ours.crt', true],
    ['127.0.0.1', 'sslmode=verify-full&sslrootcert=FOLDER/ours.crt', true],
  ])('%s?%s connects, encrypted: %s', async (host, query, encrypted) => {
    expect(await ask(addressOf(host, query))).toBe(encrypted);
  });

  it.each([
    ['localhost', 'sslmode=verify-full&sslrootcert=FOLDER/ours.crt', /altnames|ERR_TLS_CERT_ALTNAME_INVALID/],
    ['127.0.0.1', 'sslmode=verify-full&sslrootcert=FOLDER/others.crt', /certificate/],
    ['127.0.0.1', 'sslmode=verify-ca&sslrootcert=FOLDER/others.crt', /certificate/],
    ['127.0.0.1', 'sslmode=verify-full', /certificate/],
    ['127.0.0.1', 'sslmode=prefer', /sslmode=disable, require/],
    ['127.0.0.1', 'ssl=true', /sslmode=disable, require/],
    ['127.0.0.1', 'sslmode=verify-full&sslrootcert=FOLDER/none.crt', /none\.crt as sslrootcert, which cannot be read/],
  ])('%s?%s is refused', async (host, query, message) => {
    await expect(ask(addressOf(host, query))).rejects.toThrow(message);
  });
});

it('is read so by the migrations and the queue, too', async () => {
  const address = addressOf('127.0.0.1', 'sslmode=verify-full&sslrootcert=FOLDER/ours.crt');
  const wrong = addressOf('127.0.0.1', 'sslmode=verify-full&sslrootcert=FOLDER/others.crt');
  const logger = { warn: () => undefined, error: () => undefined };
  await expect(migrate(wrong)).rejects.toThrow(/certificate/);
  await migrate(address);
  await expect(migrateQueue(wrong)).rejects.toThrow(/certificate/);
  await migrateQueue(address);
  await expect(openQueues({ postgresUrl: wrong }, logger)).rejects.toThrow(/queue/);
  const queues = await openQueues({ postgresUrl: address }, logger);
  await queues.ready();
  await queues.close();
}, 60_000);

it('never shows its password', () => {
  for (const address of ['postgres://u:hunter2@h/db?sslmode=maybe', 'no address hunter2']) {
    expect(() => databaseAddress(address)).toThrow(/^(?!.*hunter2)/);
  }
});
