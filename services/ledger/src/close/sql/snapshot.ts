import type { Sql } from '@rewardbook/db/client';

/** How the database was at one moment, on one connection. */
export interface Snapshot {
  readonly sql: Sql;
  /** A further connection that sees the same, for work side by side. It is closed with the first. */
  readonly another: () => Promise<Sql>;
}

/**
 * Runs read-only work on connections that all see the database at one moment.
 *
 * @param open gives a pool of one connection, which is closed here. Not `reserve`: when a connection is lost while
 * it is being made, postgres.js 3.4.9 leaves its caller waiting for ever
 * @param options.temporaryTables whether the work makes some, which a transaction that is READ ONLY may not
 * @param options.signal ends the connections, and with them the statements that run on them
 * @throws the reason of `signal`; Error when a connection was lost on the way, since what came after it may be from another moment
 */
export async function withSnapshot<Value>(
  open: () => Sql,
  work: (snapshot: Snapshot) => Promise<Value>,
  { temporaryTables = false, signal }: { temporaryTables?: boolean; signal?: AbortSignal } = {},
): Promise<Value> {
  const views: { connection: Sql; begun: string }[] = [];
  const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ ${temporaryTables ? 'READ WRITE' : 'READ ONLY'}`;
  const stop = (): void => {
    for (const { connection } of views) {
      void connection.end({ timeout: 0 });
    }
  };
  const view = async (exported?: string): Promise<Sql> => {
    signal?.throwIfAborted();
    const connection = open();
    const added = { connection, begun: '' };
    views.push(added);
    await connection.unsafe(begin);
    if (exported !== undefined) {
      await connection.unsafe(`SET TRANSACTION SNAPSHOT '${exported}'`);
    }
    added.begun = await transactionOf(connection);
    return connection;
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const sql = await view();
    const another = async (): Promise<Sql> => {
      const [row] = await sql<{ id: string }[]>`SELECT pg_export_snapshot() AS id`;
      return view(row?.id);
    };
    const value = await work({ sql, another });
    for (const { connection, begun } of views) {
      if ((await transactionOf(connection)) !== begun) {
        throw new Error('a connection was lost while the books were read; try again');
      }
    }
    return value;
  } catch (error) {
    signal?.throwIfAborted(); // else it is what the statements said when their connection was gone
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(views.map(({ connection }) => connection.end({ timeout: 1 }))); // which rolls back
  }
}

async function transactionOf(connection: Sql): Promise<string> {
  const [row] = await connection<{ id: string }[]>`
    SELECT pg_backend_pid() || ' ' || now() AS id`; // now() is the start of the transaction
  return row?.id ?? '';
}
