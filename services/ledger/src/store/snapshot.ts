import type { Sql } from '@rewardbook/db/client';

/**
 * Runs read-only work on one connection that sees the database as it was at one moment. One query at a time: a cursor keeps
 * the connection until it is read to its end.
 *
 * @throws Error when the connection was lost on the way, since what came after it may be from another moment
 */
export async function withSnapshot<Value>(sql: Sql, work: (snapshot: Sql) => Promise<Value>): Promise<Value> {
  const connection = await sql.reserve();
  const backend = async (): Promise<string> => {
    const [row] = await connection<{ id: string }[]>`
      SELECT pg_backend_pid() || ' ' || now() AS id`; // now() is the start of the transaction
    return row?.id ?? '';
  };
  try {
    await connection.unsafe('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const before = await backend();
    const value = await work(connection);
    if ((await backend()) !== before) throw new Error('the connection was lost while the books were read; try again');
    return value;
  } finally {
    await connection.unsafe('ROLLBACK').catch(() => undefined);
    connection.release();
  }
}
