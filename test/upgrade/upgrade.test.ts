import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { connect } from '@rewardbook/db/client';
import { migrate } from '@rewardbook/db/migrate';
import { closePeriod } from '@rewardbook/ledger/close/close-period';
import { type Books, booksOn, closeNow, programOf } from '@rewardbook/ledger/test-support/books';
import { revenue } from '@rewardbook/ledger/test-support/scenario';
import { verifyProgram } from '@rewardbook/ledger/verify/verify-program';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { type Facts, readFacts } from './facts.ts';
import { UNFINISHED } from './fill-books.ts';

// Databases that releases have made, opened by this build.

const folder = new URL('./', import.meta.url);
const releases = readdirSync(folder)
  .filter((file) => file.endsWith('.sql.gz'))
  .map((file) => file.slice(0, -'.sql.gz'.length));

it('there is a dump', () => expect(releases).not.toEqual([]));

describe.each(releases)('a database of %s, once it is upgraded', (release) => {
  let server: TestDatabase; // its server has the roles
  let books: Books;
  let programs: { slug: string }[];

  beforeAll(async () => {
    server = await createTestDatabase();
    const database = await makeDatabase(server, `${server.name}_${release.replaceAll('.', '_')}`);
    const owner = connect(database.ownerUrl, { max: 1 });
    await owner.unsafe(gunzipSync(await readFile(new URL(`${release}.sql.gz`, folder))).toString('utf8'));
    await owner.end();
    await migrate(database.ownerUrl);
    books = booksOn(database);
    programs = await books.sql<{ slug: string }[]>`SELECT slug FROM program ORDER BY slug`;
  }, 120_000);
  afterAll(async () => {
    await books.close();
    await server.drop();
  });

  async function wrong(): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const { slug } of programs) {
      const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
      found.push(...checks.filter(({ ok }) => !ok).map((check) => ({ slug, ...check })));
    }
    return found;
  }

  it('has the hashes and balances that it had', async () => {
    const before: Facts = JSON.parse(await readFile(new URL(`${release}.json`, folder), 'utf8'));
    expect(await readFacts(books.owner)).toEqual(before);
    expect(before.closes.length).toBeGreaterThan(10);
    expect(before.runs.length).toBeGreaterThan(10);
  });

  it('is verified without a difference', { timeout: 120_000 }, async () => {
    expect(programs.length).toBeGreaterThan(5);
    expect(await wrong()).toEqual([]);
  });

  it('goes on: a close that was under way is done, and others follow', { timeout: 120_000 }, async () => {
    const { slug, period } = UNFINISHED;
    expect(await closePeriod(books.ledger, { program: slug, period })).toMatch(/^[0-9a-f]{64}$/);
    await revenue(books, 'every-rule', '2024-12', '10.00');
    expect(await closeNow(books, 'every-rule', '2024-12')).toMatch(/^[0-9a-f]{64}$/);
    expect(await wrong()).toEqual([]);
  });
});

/** An empty database on the server of another one. */
async function makeDatabase(server: TestDatabase, name: string): Promise<TestDatabase> {
  const administer = async (statement: string): Promise<void> => {
    const admin = connect(server.ownerUrl, { max: 1 });
    await admin.unsafe(statement);
    await admin.end();
  };
  await administer(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  const renamed = (url: string): string => url.replace(server.name, name);
  const { events, ledger, reports } = server.serviceUrls;
  return {
    name,
    ownerUrl: renamed(server.ownerUrl),
    serviceUrl: renamed(server.serviceUrl),
    serviceUrls: { events: renamed(events), ledger: renamed(ledger), reports: renamed(reports) },
    drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
