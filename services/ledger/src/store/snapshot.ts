import type { Sql } from '@rewardbook/db/client';

/**
 * Runs read-only work on one connection that sees the database as it was at one moment.
 *
 * @param open gives a pool of one connection, which is closed here. Not `reserve`: where a connection is lost as it is made,
 * postgres.js 3.4.9 leaves who waits for it waiting
 * @throws Error when the connection was lost on the way, since what came after it may be from another moment
 */
export async function withSnapshot<Value>(open: () => Sql, work: (snapshot: Sql) => Promise<Value>): Promise<Value> {
  const connection = open();
  const transaction = async (): Promise<string> => {
    const [row] = await connection<{ id: string }[]>`
      SELECT pg_backend_pid() || ' ' || now() AS id`; // now() is the start of the transaction
    return row?.id ?? '';
  };
  try {
    await connection.unsafe('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const before = await transaction();
    const value = await work(connection);
    if ((await transaction()) !== before)
      throw new Error('the connection was lost while the books were read; try again');
    return value;
  } finally {
    await connection.end({ timeout: 1 }); // which rolls back
  }
}
