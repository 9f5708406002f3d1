-- Payout runs, from the draft to the bank.

CREATE TABLE payout_run (
  program_id       integer NOT NULL REFERENCES program,
  run_no           integer NOT NULL,
  run_id           text COLLATE "C" NOT NULL,  -- <latest closed period>-<n>
  period           text COLLATE "C" NOT NULL,
  status           text NOT NULL CHECK (status IN ('draft', 'approved', 'exported', 'settled', 'discarded')),
  policy_version   integer NOT NULL,
  drafted_by       text NOT NULL,
  drafted_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  drafted_seq      bigint NOT NULL,            -- the journal's last entry when it was drafted
  creators_version integer NOT NULL,           -- the registry's then
  content_hash     text NOT NULL,              -- of its header and rows: what is approved
  payout_count     integer NOT NULL,
  waiting_count    integer NOT NULL,
  gross            numeric NOT NULL,
  withheld         numeric NOT NULL,
  net              numeric NOT NULL,
  approved_by      text,
  entry_key        text COLLATE "C",                       -- once approved
  settlement_key   text,                       -- once settled, unless everything had been returned
  settled          numeric,                    -- what went to the bank
  PRIMARY KEY (program_id, run_no),
  UNIQUE (program_id, run_id),
  CHECK (net = gross - withheld),
  CHECK ((entry_key IS NOT NULL) = (status IN ('approved', 'exported', 'settled')))
);

-- A creator in a run, as drafted; never changed.
CREATE TABLE payout (
  program_id    integer NOT NULL,
  creator_id    text COLLATE "C" NOT NULL,
  run_no        integer NOT NULL,
  payout_number integer,  -- 1, 2, 3… of what is due, by creator; null where it waits
  tax_country   text,
  payee         text,
  account       text,
  available     numeric NOT NULL,
  gross         numeric NOT NULL,
  -- of gross: what came back net of a tax that was remitted, of which nothing is withheld again
  taxed_before  numeric NOT NULL,
  withheld      numeric NOT NULL,
  net           numeric NOT NULL,
  status        text NOT NULL CHECK (status IN ('due', 'waiting')),
  reason        text,     -- why it waits
  PRIMARY KEY (program_id, creator_id, run_no),  -- no foreign key: a look-up a row would be half of a draft's time
  CHECK ((status = 'due') = (payout_number IS NOT NULL AND reason IS NULL)),
  CHECK (net = gross - withheld),
  CHECK (taxed_before BETWEEN 0 AND gross)
);
CREATE INDEX payout_of_run ON payout (program_id, run_no, creator_id);

-- Every decision on a run: append-only.
CREATE TABLE payout_decision (
  program_id   integer NOT NULL,
  run_no       integer NOT NULL,
  decision_no  bigint GENERATED ALWAYS AS IDENTITY,
  decision     text NOT NULL,
  actor        text NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  content_hash text NOT NULL,
  note         text,
  PRIMARY KEY (program_id, run_no, decision_no),
  FOREIGN KEY (program_id, run_no) REFERENCES payout_run
);
