-- What others say happened (an ad platform's statement, a bank's), to be matched to what the books say.

-- A file that was taken in. Of each source the newest import of a period counts; the earlier ones stay for the record.
CREATE TABLE statement_import (
  program_id     integer NOT NULL REFERENCES program,
  import_id      bigint GENERATED ALWAYS AS IDENTITY,
  period         text COLLATE "C" NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('revenue', 'settlements')),
  source         text COLLATE "C" NOT NULL,
  file_hash      text NOT NULL,
  signs_reversed boolean NOT NULL,
  line_count     integer NOT NULL,
  imported_by    text NOT NULL,
  imported_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, import_id),
  UNIQUE (program_id, period, kind, source, file_hash, signs_reversed)
);

CREATE TABLE statement_line (
  program_id integer NOT NULL,
  import_id  bigint NOT NULL,
  line       integer NOT NULL,   -- of the file
  reference  text COLLATE "C" NOT NULL,
  amount     given_amount NOT NULL,
  currency   text COLLATE "C" NOT NULL,
  dated      date NOT NULL,
  PRIMARY KEY (program_id, import_id, line),
  FOREIGN KEY (program_id, import_id) REFERENCES statement_import
);

-- Why a difference is not an error: a person's reason. It holds for what it explained (facts_hash), and not once that
-- changes.
CREATE TABLE difference_explanation (
  program_id     integer NOT NULL REFERENCES program,
  explanation_no bigint GENERATED ALWAYS AS IDENTITY,
  period         text COLLATE "C" NOT NULL,
  kind           text NOT NULL,
  reference      text COLLATE "C" NOT NULL,
  difference     text NOT NULL,
  facts_hash     text NOT NULL,
  note           text NOT NULL,
  actor          text NOT NULL,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, explanation_no),
  UNIQUE (program_id, period, kind, reference, difference, facts_hash)
);

-- A person found the period reconciled: who, when, and the hash of all that was compared.
CREATE TABLE reconciliation_mark (
  program_id integer NOT NULL REFERENCES program,
  period     text COLLATE "C" NOT NULL,
  mark_no    bigint GENERATED ALWAYS AS IDENTITY,
  hash       text NOT NULL,
  matched    integer NOT NULL,
  explained  integer NOT NULL,
  note       text,
  actor      text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, period, mark_no)
);
