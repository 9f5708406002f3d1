-- Programs and their policies. Everything that changes the books goes through functions (../functions)
-- that first lock the program's head row; the services' role has no other way to write.
-- Ids are compared as bytes everywhere: COLLATE "C". Instants of events and periods are epoch
-- milliseconds (RFC 3339 has the year 0000, which timestamptz text has not); server clocks are timestamptz.

-- An amount that somebody gives: at most 30 digits before the point. Sums of such amounts are larger; what reads them
-- takes 40 digits (packages/money/src/amount.ts), so no row that is let in here makes a sum that cannot be read.
CREATE DOMAIN given_amount AS numeric CHECK (abs(VALUE) < 1e30);

CREATE TABLE program (
  program_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug        text COLLATE "C" NOT NULL UNIQUE,
  currency    text COLLATE "C" NOT NULL,
  digits      smallint NOT NULL,
  time_zone   text NOT NULL,
  period_kind text NOT NULL CHECK (period_kind IN ('month', 'week', 'day')),
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The row that every change of a program's books locks first: the end of its hash chain.
CREATE TABLE program_head (
  program_id       integer PRIMARY KEY REFERENCES program,
  seq              bigint NOT NULL DEFAULT 0,
  hash             text NOT NULL DEFAULT repeat('0', 64),
  posted_at        timestamptz NOT NULL DEFAULT '-infinity',
  creators_version integer NOT NULL DEFAULT 0,
  -- of the balances' checkpoint (0005_balances.sql): the last entry in it, and how many accounts it has
  rolled_seq       bigint NOT NULL DEFAULT 0 CHECK (rolled_seq <= seq),
  rolled_accounts  bigint NOT NULL DEFAULT 0
);

CREATE TABLE policy_version (
  program_id    integer NOT NULL REFERENCES program,
  version       integer NOT NULL,
  valid_from    text COLLATE "C",  -- the first period it is valid for; null: from the beginning
  valid_from_ms bigint,  -- that period's start
  policy        text NOT NULL,   -- canonical JSON of the stored form
  policy_hash   text NOT NULL,
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program_id, version)
);
