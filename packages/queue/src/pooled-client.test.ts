import { sessionOptions } from '@rewardbook/db/session';
import pg from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { PooledClient } from './pooled-client.ts';

it('has its own settings where the database has others', async () => {
  const { name, ownerUrl } = await createTestDatabase();
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`);
  await owner.query(`ALTER DATABASE ${name} SET bytea_output = 'escape'`);
  await owner.end();
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    Client: PooledClient,
    options: sessionOptions('search_path'),
  });
  const { rows } = await pool.query(
    `SELECT current_setting('transaction_isolation') AS isolation, current_setting('bytea_output') AS bytes, current_setting('search_path') AS path`,
  );
  await pool.end();
  expect(rows).toEqual([{ isolation: 'read committed', bytes: 'hex', path: '"$user", public' }]);
});

it('survives a backend that is killed between two statements of a connection that is checked out', async () => {
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
