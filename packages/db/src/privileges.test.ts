import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { connect, type Sql } from './client.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

let database: TestDatabase;
let service: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  service = connect(database.serviceUrl, { max: 1 });
});
afterAll(async () => {
  await service.end();
  await database.drop();
});

describe("the services' database role", () => {
  it('cannot insert into, update, delete from or truncate any table', async () => {
    const tables = await service<{ name: string }[]>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname = 'rewardbook'`;
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const [{ allowed } = { allowed: true }] = await service<{ allowed: boolean }[]>`
        SELECT has_table_privilege(${`rewardbook.${name}`}, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER') AS allowed`;
      expect({ name, allowed }).toEqual({ name, allowed: false });
    }
  });

  it.each([
    'UPDATE journal_entry SET details = details',
    'DELETE FROM journal_entry',
    'UPDATE posting_line SET amount = amount + 1',
    'DELETE FROM posting_sheet',
    'UPDATE balance_checkpoint SET debit = 0',
    'DELETE FROM event',
    'ALTER TABLE posting_line ADD COLUMN note text',
    'CREATE TABLE rewardbook.mine (n integer)',
    'DROP FUNCTION post_entry',
  ])('is refused: %s', async (statement) => {
    await expect(service.unsafe(statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  it('and everybody else can call only what was granted: nothing is open to PUBLIC, and what runs as the owner fixes its search_path', async () => {
    const open = await service<{ name: string }[]>`
      SELECT p.proname AS name FROM pg_proc p
      WHERE p.pronamespace = 'rewardbook'::regnamespace AND (
        EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
        OR (p.prosecdef AND NOT coalesce(p.proconfig @> ARRAY['search_path=rewardbook, pg_temp'], false)))`;
    expect(open).toEqual([]);
    const secrets = await service<
      { allowed: boolean }[]
    >`SELECT has_table_privilege('rewardbook.close_secret', 'SELECT') AS allowed`;
    expect(secrets).toEqual([{ allowed: false }]);
  });

  it('cannot post an entry past the functions that check it', async () => {
    await expect(service`SELECT post_entry(1, 1, 'k', 'revenue', '2026-10-31', '{}', NULL)`).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});
