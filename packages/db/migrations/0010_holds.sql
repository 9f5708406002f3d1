-- Creators who are not to be paid for now.

-- Who is not to be paid, and why: append-only. A creator is on hold while a reason's latest row is 'placed'.
CREATE TABLE creator_hold (
  program_id integer NOT NULL REFERENCES program,
  creator_id text COLLATE "C" NOT NULL,
  hold_no    bigint GENERATED ALWAYS AS IDENTITY,
  action     text NOT NULL CHECK (action IN ('placed', 'lifted')),
  reason     text COLLATE "C" NOT NULL,
  note       text,
  actor      text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, creator_id, hold_no)
);
