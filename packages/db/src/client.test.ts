import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { connect } from './client.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('reads dates as ISO 8601 has them, whatever the database is set to', async () => {
  const owner = connect(database.ownerUrl, { max: 1 });
  await owner.unsafe(`ALTER DATABASE ${database.name} SET DateStyle = 'German'`);
  await owner.end();
  const sql = connect(database.serviceUrl, { max: 1 });
  const [row] = await sql<{ day: string; at: Date }[]>`
    SELECT '2024-01-05'::date::text AS day, '2024-01-05T10:00:00Z'::timestamptz AS at`;
  await sql.end();
  expect(row).toEqual({ day: '2024-01-05', at: new Date('2024-01-05T10:00:00Z') });
});

it('replaces connections for their age, but not one that holds something from statement to statement', () => {
  expect(connect(database.serviceUrl, { max: 1 }).options.max_lifetime).not.toBeNull();
  expect(connect(database.serviceUrl, { max: 1, lasting: true }).options.max_lifetime).toBeNull();
});
