import { findApiKey, storeApiKey } from '@rewardbook/db/api-keys';
import { findEntry } from '@rewardbook/db/books/entries';
import { verifyProof } from '@rewardbook/domain/proofs/verify-proof';
import { createKey } from '@rewardbook/runtime/access/api-key';
import { type App, createApp } from '@rewardbook/runtime/app';
import { createLogger } from '@rewardbook/runtime/logger';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closePeriod } from '../close/close-period.ts';
import { type Books, begin, closeNow, openBooks, programOf, resultOf } from '../test-support/books.ts';
import { openProgram, revenue } from '../test-support/scenario.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { publishedRoot } from './read-proof.ts';
import { proofRoutes } from './routes.ts';
import { fixCloseSecret } from './sql.ts';

const SLUG = 'proofs';
const { key, hash } = createKey();

let books: Books;
let app: App;

beforeAll(async () => {
  books = await openBooks();
  await storeApiKey(books.owner, { name: 'reader', keyHash: hash, scopes: ['read'] });
  const logger = createLogger({ name: 'test', level: 'silent' });
  app = await createApp({
    name: 'ledger',
    description: 'test',
    logger,
    findKey: (found) => findApiKey(books.sql, found),
  });
  proofRoutes(app, books.ledger);
  await app.ready();
  await openProgram(books, SLUG);
  await closeNow(books, SLUG, '2024-10');
  await revenue(books, SLUG, '2024-11', '0.00');
});
afterAll(async () => {
  await app?.close();
  await books?.close();
});

const proofOf = async (period: string, creator: string) =>
  app.inject({
    url: `/v1/programs/${SLUG}/periods/${period}/creators/${encodeURIComponent(creator)}/proof`,
    headers: { authorization: `Bearer ${key}` },
  });

async function published(period: string) {
  const { programId } = await programOf(books, SLUG);
  const entry = await findEntry(books.sql, programId, `close:${period}`);
  return entry && publishedRoot(entry.details);
}

it('a close publishes root and total in its entry, and every creator has a proof of them', async () => {
  const root = await published('2024-10');
  const result: { allocated: string; creators: { creatorId: string; amount: string; points: string }[] } = JSON.parse(
    await resultOf(books, SLUG, '2024-10'),
  );
  expect(root?.total).toBe(result.allocated);
  expect(result.creators.length).toBeGreaterThan(2);
  for (const { creatorId, amount, points } of result.creators) {
    const { body, statusCode } = await proofOf('2024-10', creatorId);
    expect(statusCode, body).toBe(200);
    expect(verifyProof(body, root)).toMatchObject({
      valid: true,
      proof: { creatorId, amount, points, period: '2024-10' },
    });
  }
});

it('several attempts at a close, concurrent and one after another, give the same tree', async () => {
  const program = await programOf(books, SLUG);
  await begin(books, program, '2024-11');
  const secret = await fixCloseSecret(books.sql, program.programId, '2024-11');
  const job = { program: SLUG, period: '2024-11' };
  await Promise.all([closePeriod(books.ledger, job), closePeriod(books.ledger, job)]);
  await closePeriod(books.ledger, job);
  expect(await fixCloseSecret(books.sql, program.programId, '2024-11')).toBe(secret);
  const { body } = await proofOf('2024-11', 'c2');
  expect(verifyProof(body, await published('2024-11')).valid).toBe(true);
});

it('the secret of a close is nowhere to be read', async () => {
  const { programId } = await programOf(books, SLUG);
  const [{ secret = '' } = {}] = await books.owner<{ secret: string }[]>`
    SELECT secret FROM close_secret WHERE program_id = ${programId} AND period = '2024-10'`;
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  await expect(books.sql`SELECT * FROM close_secret`).rejects.toThrow('permission denied');
  for (const creator of ['c1', 'c2', 'c3']) {
    expect((await proofOf('2024-10', creator)).body).not.toContain(secret);
  }
  const rows = await books.sql`SELECT details FROM journal_entry`;
  expect(JSON.stringify(rows)).not.toContain(secret);
});

it('says what there is no proof of', async () => {
  expect((await proofOf('2024-10', 'nobody')).json()).toMatchObject({ status: 404, code: 'creator-unknown' });
  expect((await proofOf('2024-12', 'c1')).json()).toMatchObject({ status: 409, code: 'not-closed' });
});

it('verify finds an allocation that is not the one in the tree', async () => {
  const program = await programOf(books, SLUG);
  const check = async () =>
    (await verifyProgram(books.ledger, program)).checks.find((one) => one.check.startsWith('proofs:'));
  expect(await check()).toMatchObject({ ok: true, checked: 2 });
  await books.owner`UPDATE allocation SET points = points + 1 WHERE creator_id = 'c1' AND points > 0`;
  expect(await check()).toMatchObject({ ok: false, difference: expect.stringContaining('close:2024-10: its root is') });
  await books.owner`UPDATE allocation SET points = points - 1 WHERE creator_id = 'c1' AND points > 0`;
  await books.owner`DELETE FROM close_secret`;
  expect(await check()).toMatchObject({ ok: false, difference: expect.stringContaining('none without a secret') });
});
