-- Verifications of a program's books, as jobs: the last hundred of each program.
CREATE TABLE verify_run (
  program_id   integer NOT NULL REFERENCES program,
  run_no       integer NOT NULL CHECK (run_no >= 1),
  -- interrupted: whoever worked on it ended before it did
  state        text NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'failed', 'interrupted')),
  started_by   text NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  cancelled_by text,          -- asked to end it
  ended_at     timestamptz,
  checks       text NOT NULL, -- JSON: each kind of check, how far it is, and what it found
  failure      text,          -- why it gave no result
  PRIMARY KEY (program_id, run_no),
  CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX verify_run_running ON verify_run (program_id) WHERE state = 'running';
