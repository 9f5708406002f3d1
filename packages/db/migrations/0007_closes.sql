-- Closes: the periods that are closing or closed, and what an attempt writes under its number.

-- The close of a period, from the moment it begins; the columns before `closed_at` are what it uses, fixed when it
-- began. An open period has no row.
CREATE TABLE close (
  program_id          integer NOT NULL REFERENCES program,
  period              text COLLATE "C" NOT NULL,
  close_no            integer NOT NULL CHECK (close_no >= 1),
  starts_at           bigint NOT NULL,
  ends_at             bigint NOT NULL,
  status              text NOT NULL CHECK (status IN ('closing', 'closed')),
  begun_at            timestamptz NOT NULL DEFAULT now(),
  begun_by            text NOT NULL,
  policy_version      integer NOT NULL,
  creators_version    integer NOT NULL,
  revenue_entries     numeric NOT NULL,   -- sum of the period's revenue entries
  revenue_carried_in  numeric NOT NULL CHECK (revenue_carried_in <= 0),
  rolled_over         numeric NOT NULL CHECK (rolled_over >= 0),
  -- from here on: the outcome
  closed_at           timestamptz,
  attempt_id          bigint,
  entry_key           text COLLATE "C",
  funded              numeric,
  pool                numeric,
  allocated           numeric,
  undistributed       numeric,
  revenue_carried_out numeric,
  policy_hash         text,
  creators_hash       text,
  result_hash         text,
  excluded            text,   -- JSON: [{rule, events, points}]
  metrics             text,   -- JSON
  failure             text,   -- why the last attempt failed; null once one succeeds
  -- attempts in a row that failed for a reason that does not pass by itself
  failures            integer NOT NULL DEFAULT 0,
  retry_at            timestamptz,   -- not before then is it tried again by itself
  checked_at          timestamptz,   -- when it was found to give what the recorded events do, or not (check_close)
  unsound_for         text COLLATE "C",   -- the first creator to whom it gives what they do not
  PRIMARY KEY (program_id, period),
  UNIQUE (program_id, close_no),
  CHECK (status = 'closing' OR (closed_at IS NOT NULL AND attempt_id IS NOT NULL AND entry_key IS NOT NULL
                                AND result_hash IS NOT NULL))
);

-- One attempt to make a close. What it wrote counts once the close names it; others are swept.
CREATE TABLE close_attempt (
  attempt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id integer NOT NULL,
  close_no   integer NOT NULL,
  parts      integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Events are folded in parts, each for a share of the viewers. Written in one transaction with the register's rows of
-- the part: having read the last row of a fold does not show that it was committed.
CREATE TABLE attempt_part (
  attempt_id    bigint NOT NULL REFERENCES close_attempt ON DELETE CASCADE,
  part          integer NOT NULL,
  register_rows bigint NOT NULL,
  PRIMARY KEY (attempt_id, part)
);

-- What a close found for a creator and what it gave.
CREATE TABLE allocation (
  program_id  integer NOT NULL,
  attempt_id  bigint NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  net_likes   bigint NOT NULL,
  net_follows bigint NOT NULL,
  carried_in  numeric NOT NULL,
  carried_out numeric NOT NULL,
  points      numeric NOT NULL,
  weight      numeric NOT NULL,
  amount      numeric NOT NULL CHECK (amount >= 0),
  void        boolean NOT NULL,   -- positive points used up for nothing
  PRIMARY KEY (program_id, attempt_id, creator_id)
);
CREATE INDEX allocation_carried ON allocation (program_id, attempt_id, creator_id) WHERE carried_out <> 0;
CREATE INDEX allocation_void ON allocation (program_id, attempt_id, creator_id) WHERE void;

-- Groups of viewers in lockstep, under the attempt that found them: they count once the close names it. No part of the
-- result's hash.
CREATE TABLE lockstep_group (
  program_id integer NOT NULL,
  attempt_id bigint NOT NULL,
  group_no   integer NOT NULL CHECK (group_no >= 1),
  viewers    text[] COLLATE "C" NOT NULL,
  links      bigint NOT NULL,
  matches    bigint NOT NULL,
  PRIMARY KEY (program_id, attempt_id, group_no)
);
