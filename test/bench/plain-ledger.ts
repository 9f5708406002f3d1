import postgres from 'postgres';

/** Transfers in one call, and so in one transaction. */
export const TRANSFERS_PER_CALL = 100;

/**
 * A double-entry ledger as usually written in SQL: a table of accounts with their balances, transfers, an entry for
 * each side with the balance after it; a call takes its accounts' rows in order, then books transfer by transfer. No
 * hash, no check of the whole.
 */
const SCHEMA = `
  CREATE TABLE plain_account (
    account_id bigint PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    balance    numeric NOT NULL DEFAULT 0,
    version    bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE plain_transfer (
    transfer_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_account bigint NOT NULL REFERENCES plain_account,
    to_account   bigint NOT NULL REFERENCES plain_account,
    amount       numeric NOT NULL CHECK (amount > 0),
    created_at   timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE plain_entry (
    entry_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id bigint NOT NULL REFERENCES plain_transfer,
    account_id  bigint NOT NULL REFERENCES plain_account,
    amount      numeric NOT NULL,
    balance     numeric NOT NULL,  -- of the account, after it
    version     bigint NOT NULL
  );
  CREATE INDEX ON plain_entry (transfer_id);
  CREATE INDEX ON plain_entry (account_id, entry_id);

  CREATE FUNCTION plain_transfers(p_from bigint[], p_to bigint[], p_amounts numeric[]) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    the_transfer bigint;
    one          record;
    source       plain_account;
    target       plain_account;
  BEGIN
    PERFORM 1 FROM plain_account WHERE account_id = ANY (p_from || p_to) ORDER BY account_id FOR UPDATE;
    FOR one IN SELECT * FROM unnest(p_from, p_to, p_amounts) AS t (source, target, amount) LOOP
      INSERT INTO plain_transfer (from_account, to_account, amount) VALUES (one.source, one.target, one.amount)
      RETURNING transfer_id INTO the_transfer;
      UPDATE plain_account SET balance = balance - one.amount, version = version + 1, updated_at = now()
      WHERE account_id = one.source RETURNING * INTO source;
      UPDATE plain_account SET balance = balance + one.amount, version = version + 1, updated_at = now()
      WHERE account_id = one.target RETURNING * INTO target;
      INSERT INTO plain_entry (transfer_id, account_id, amount, balance, version)
      VALUES (the_transfer, source.account_id, -one.amount, source.balance, source.version),
             (the_transfer, target.account_id, one.amount, target.balance, target.version);
    END LOOP;
  END $$;`;

export interface PlainLedger {
  /** Transfers a second from one account, as a pool, to the others in turn, with `clients` clients at a time. */
  measure(options: { readonly seconds: number; readonly clients: number }): Promise<number>;
}

/**
 * Makes a plain ledger with that number of accounts in its own database, on the same server as what it is compared
 * with.
 */
export async function preparePlainLedger(url: string, accounts: number): Promise<PlainLedger> {
  const owner = postgres(url, { max: 1, onnotice: () => undefined });
  await owner.unsafe(SCHEMA);
  await owner`INSERT INTO plain_account (account_id, name) SELECT n, 'account ' || n FROM generate_series(0, ${accounts}::integer) AS n`;
  await owner.unsafe('VACUUM ANALYZE plain_account');
  await owner.end();
  let next = 0;
  return {
    async measure({ seconds, clients }) {
      const sql = postgres(url, { max: clients, onnotice: () => undefined });
      await sql.unsafe('CHECKPOINT');
      let booked = 0;
      const startedAtMs = performance.now();
      const elapsed = (): number => (performance.now() - startedAtMs) / 1000;
      const client = async (): Promise<void> => {
        while (elapsed() < seconds) {
          const first = next;
          next += TRANSFERS_PER_CALL;
          await sql`
            SELECT plain_transfers(array_agg(0::bigint), array_agg((${first}::bigint + n) % ${accounts}::bigint + 1), array_agg(12.34 + n))
            FROM generate_series(0, ${TRANSFERS_PER_CALL}::integer - 1) AS n`;
          booked += TRANSFERS_PER_CALL;
        }
      };
      await Promise.all(Array.from({ length: clients }, client));
      const perSecond = booked / elapsed();
      await sql.end();
      return perSecond;
    },
  };
}
