-- Proofs of payout: the secret of each close, from which the salts, splits and places of its tree follow. Whoever knows
-- it can look into every proof of that close, so no list, report or log has it, and the services' role cannot read the
-- table.
CREATE TABLE close_secret (
  program_id integer NOT NULL REFERENCES program,
  period     text COLLATE "C" NOT NULL,
  secret     text NOT NULL CHECK (secret ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (program_id, period)
);
