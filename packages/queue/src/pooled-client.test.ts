import pg from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { PooledClient } from './pooled-client.ts';

it('outlives a backend that is killed between two statements of a lent connection', async () => {
  const { ownerUrl } = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: ownerUrl, Client: PooledClient, max: 2 });
  const lent = await pool.connect();
  const { rows } = await lent.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise((resolve) => lent.once('end', resolve)); // without a listener for errors, the process would end first
  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;
  await expect(lent.query('SELECT 1')).rejects.toThrow();
  lent.release(true);
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
