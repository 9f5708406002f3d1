-- The journal: entries and their hash chain, and postings.

CREATE TABLE journal_entry (
  program_id    integer NOT NULL REFERENCES program,
  seq           bigint NOT NULL,
  entry_id      bigint NOT NULL UNIQUE,
  entry_key     text COLLATE "C" NOT NULL,    -- natural key: posting it again is a no-op
  kind          text NOT NULL,
  effective_at  date NOT NULL,
  posted_at     timestamptz NOT NULL,
  details       text NOT NULL,                -- canonical JSON: a flat object of strings
  reverses      text,                         -- key of the entry that this one corrects
  posting_count integer NOT NULL CHECK (posting_count >= 2),
  postings_hash text NOT NULL,
  hash          text NOT NULL,
  PRIMARY KEY (program_id, seq),
  UNIQUE (program_id, entry_key)
);

-- Closes and payout runs post to every creator: the lines are then in sheets, and these entries are searched by
-- creator.
CREATE INDEX journal_entry_sheeted ON journal_entry (program_id, seq) WHERE kind IN ('close', 'payout');

-- Numbers of entries, known before their place in the journal is.
CREATE SEQUENCE journal_entry_id AS bigint;

-- Debit positive. Written in the call that posts the entry, never before.
CREATE TABLE posting_line (
  program_id integer NOT NULL,
  entry_id   bigint NOT NULL,
  line       integer NOT NULL,
  creator_id text COLLATE "C" NOT NULL DEFAULT '',   -- whose account it is; '' for the platform's
  account    text COLLATE "C" NOT NULL,
  amount     numeric NOT NULL,
  PRIMARY KEY (program_id, creator_id, entry_id, line)
);
CREATE INDEX posting_line_entry ON posting_line (program_id, entry_id, line);

-- Consecutive lines of one entry on creators' payables, by creator: one row for many lines takes a fifth of the time
-- and a tenth of the space of one row each. toast_tuple_target: two sheets of ids of ten bytes fill a page, and none is
-- compressed.
CREATE TABLE posting_sheet (
  program_id    integer NOT NULL,
  entry_id      bigint NOT NULL,
  first_creator text COLLATE "C" NOT NULL,
  first_line    integer NOT NULL,
  creator_ids   text[] COLLATE "C" NOT NULL,
  amounts       numeric[] NOT NULL,
  PRIMARY KEY (program_id, entry_id, first_creator),
  CHECK (cardinality(creator_ids) = cardinality(amounts) AND first_creator = creator_ids[1])
) WITH (toast_tuple_target = 8160);
