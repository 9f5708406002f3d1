import { connect, type Sql } from '@rewardbook/db/client';
import type { Ledger } from '../service/ledger.ts';
import type { Books } from './books.ts';

/** Something that is done to the books; doing it again is safe. */
export type Act = (ledger: Ledger) => Promise<unknown>;

/**
 * Does something in a process that dies: its backends are killed once its n-th statement is under way, and the answer
 * is not awaited. A transient error shows that it died; if it was done before that, its outcome is returned.
 */
export async function dying(books: Books, act: Act, statement: number): Promise<unknown> {
  const pools: Sql[] = [];
  let calls = 0;
  let isDead = false;
  let die: (reason: Error) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });
  death.catch(() => undefined);
  const kill = async (): Promise<void> => {
    isDead = true;
    await books.owner`
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'dying'`;
    die(lost('killed'));
  };
  const open = (max: number): Sql => {
    if (isDead) {
      throw lost('dead');
    }
    const pool = connect(books.database.serviceUrl, { max, applicationName: 'dying' });
    pools.push(pool);
    return new Proxy(pool, {
      apply: (target, self, args) => {
        calls += 1;
        if (calls === statement) {
          kill().catch(die);
        }
        return Reflect.apply(target, self, args);
      },
    });
  };
  try {
    const sql = open(2);
    const acting = act({ ...books.ledger, sql, slowSql: sql, openConnection: () => open(1) });
    // A dead process tells nobody why it failed: its next statement, on a new connection, may fail in a way of its own.
    const told = acting.catch((error: unknown) => (isDead ? death : Promise.reject(error)));
    told.catch(() => undefined);
    return await Promise.race([told, death]);
  } finally {
    isDead = true;
    await Promise.all(pools.map((pool) => pool.end({ timeout: 0 })));
  }
}

function lost(message: string): Error {
  return Object.assign(new Error(message), { code: 'CONNECTION_CLOSED' });
}
