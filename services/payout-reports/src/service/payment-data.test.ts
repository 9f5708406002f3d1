import { connect, type Sql } from '@rewardbook/db/client';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { compose } from '../compose.ts';
import { openTestBooks, type TestBooks } from './test-books.ts';

const REPORTS = '/v1/programs/demo/reports';

let database: TestDatabase;
let books: TestBooks;
let service: Composed;
let owner: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  books = await openTestBooks(database.ownerUrl, 'demo');
  owner = connect(database.ownerUrl, { max: 1 });
  const logger = createLogger({ name: 'test', level: 'silent' });
  service = await compose({ databaseUrl: database.serviceUrls.reports, logger });
  await service.app.ready();
});
afterAll(async () => {
  await service.app.close();
  await Promise.all(service.workers.map((worker) => worker.close()));
  await service.close();
  await owner.end();
  await books.end();
  await database.drop();
});

describe('who is paid into which account', () => {
  it.each([
    `${REPORTS}/payments?run=2026-1`,
    `${REPORTS}/payments/manifest?run=2026-1`,
    `${REPORTS}/payout-run?run=2026-1`,
  ])('is shown only to keys with its own scope, and who asked is logged: %s', async (url) => {
    const refused = await service.app.inject({ url, headers: await books.key(['read', 'operate', 'approve']) });
    expect(refused.json()).toMatchObject({ status: 403, code: 'forbidden' });
    const asked = await service.app.inject({ url, headers: await books.key(['read:payments']) });
    expect(asked.statusCode).not.toBe(403);
    const [route] = url.split('?');
    const written = await owner<{ route: string; status: number }[]>`
      SELECT l.route, o.status FROM audit_log l JOIN audit_outcome o USING (audit_id)
      WHERE l.service = 'payout-reports' AND l.method = 'GET' ORDER BY audit_id DESC LIMIT 1`;
    expect(written).toEqual([{ route: route?.replace('/demo/', '/:program/'), status: asked.statusCode }]);
  });

  it('does not log reports that every reader may see', async () => {
    const count = async () => (await owner`SELECT count(*)::integer AS count FROM audit_log`)[0]?.count;
    const before = await count();
    const read = await books.key(['read']);
    expect((await service.app.inject({ url: `${REPORTS}/summary`, headers: read })).statusCode).toBe(200);
    expect(await count()).toBe(before);
  });
});
