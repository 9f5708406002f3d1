-- The checkpoint of balances. With what was posted since it gives every balance: functions/balances.sql.

-- Sums of each account's debits and credits, both positive, up to program_head.rolled_seq.
CREATE TABLE balance_checkpoint (
  program_id integer NOT NULL,
  creator_id text COLLATE "C" NOT NULL DEFAULT '',
  account    text COLLATE "C" NOT NULL,
  debit      numeric NOT NULL,
  credit     numeric NOT NULL,
  PRIMARY KEY (program_id, creator_id, account)
) WITH (fillfactor = 50);  -- a roll updates nearly every row: with free space on the page, none needs a new index entry
