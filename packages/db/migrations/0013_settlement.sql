-- What becomes of an approved run: returned payouts, and the tax that was withheld.

CREATE TABLE payout_return (
  program_id     integer NOT NULL,
  creator_id     text COLLATE "C" NOT NULL,
  run_no         integer NOT NULL,
  entry_key      text COLLATE "C" NOT NULL,
  after_settling boolean NOT NULL,
  net            numeric NOT NULL,
  tax_back       numeric NOT NULL,  -- 0 where the tax had been remitted
  taxed          numeric NOT NULL,  -- of what came back: what was taxed, and will not be again
  reason         text NOT NULL,
  actor          text NOT NULL,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, creator_id, run_no),
  FOREIGN KEY (program_id, creator_id, run_no) REFERENCES payout
);
CREATE INDEX payout_return_of_run ON payout_return (program_id, run_no);

-- Which run's tax of a country a remittance covered. A reversed remittance covers nothing.
CREATE TABLE tax_remittance (
  program_id integer NOT NULL,
  reference  text COLLATE "C" NOT NULL,
  run_no     integer NOT NULL,
  country    text COLLATE "C" NOT NULL,
  amount     numeric NOT NULL,
  entry_key  text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, reference, run_no),
  FOREIGN KEY (program_id, run_no) REFERENCES payout_run
);
