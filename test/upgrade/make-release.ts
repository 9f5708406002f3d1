// Keeps what a release has made: README.md.

import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { readSchemaFiles } from '@rewardbook/db/schema-files';
import { booksOn } from '@rewardbook/ledger/test-support/books';
import { startPostgresBroker } from '../support/postgres-broker.ts';
import { createDatabaseAt } from '../support/test-database.ts';
import { dumpDatabase } from './dump.ts';
import { readFacts } from './facts.ts';
import { fillBooks } from './fill-books.ts';

const RELEASED = new URL('../../packages/db/migrations/released.json', import.meta.url);

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
await noteMigrations();
await makeDump();

/** Adds the migrations that no earlier release has, with their SHA-256. */
async function noteMigrations(): Promise<void> {
  const released: Record<string, Record<string, string>> = JSON.parse(await readFile(RELEASED, 'utf8'));
  delete released[version];
  const earlier = new Set(Object.values(released).flatMap((files) => Object.keys(files)));
  const { migrations } = await readSchemaFiles();
  const added = migrations.filter(({ name }) => !earlier.has(name)).map(({ name, sha256 }) => [name, sha256]);
  const all = { ...released, [version]: Object.fromEntries(added) };
  await writeFile(RELEASED, `${JSON.stringify(all, undefined, 2)}\n`);
}

async function makeDump(): Promise<void> {
  const broker = await startPostgresBroker();
  try {
    const books = booksOn(await createDatabaseAt(broker.url));
    await fillBooks(books);
    const dump = gzipSync(await dumpDatabase(books.owner), { level: 9 });
    const facts = await readFacts(books.owner);
    await writeFile(new URL(`${version}.sql.gz`, import.meta.url), dump);
    await writeFile(new URL(`${version}.json`, import.meta.url), `${JSON.stringify(facts, undefined, 2)}\n`);
    await books.close();
    console.error(
      `${version}.sql.gz: ${dump.length} bytes, ${facts.closes.length} closes, ${facts.runs.length} payout runs`,
    );
  } finally {
    await broker.close();
  }
}
