-- The log of every request that changes something: append-only for everybody (triggers in functions/audit.sql).

-- A request that changes something, written before it does: what was accepted is here even if the process died in the
-- middle. The body's hash is null where there was no body, or where it was still arriving (its outcome then has it).
CREATE TABLE audit_log (
  audit_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  service     text NOT NULL,
  key_id      bigint NOT NULL,
  key_name    text NOT NULL,
  method      text NOT NULL,
  route       text NOT NULL,
  program     text COLLATE "C",
  request_id  text COLLATE "C" NOT NULL,
  body_sha256 text,
  summary     text NOT NULL CHECK (length(summary) <= 4000)
);
CREATE INDEX audit_log_program ON audit_log (program, audit_id);

-- The answer to a request. Without one, the process ended before it answered, or has not answered yet; the books show
-- what it did.
CREATE TABLE audit_outcome (
  audit_id    bigint PRIMARY KEY REFERENCES audit_log,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  status      integer NOT NULL,
  body_sha256 text
);
