-- What needs a second person, and its approval.

-- What waits for a second person. The payload is what will be done, as canonical JSON.
--   pending → approved → executed or failed; pending → rejected
-- One request does nothing twice, and one that has ended does not count for another: to do the same again, ask again.
CREATE TABLE approval_request (
  program_id   integer NOT NULL REFERENCES program,
  request_no   integer NOT NULL,
  kind         text NOT NULL,
  request_key  text COLLATE "C" NOT NULL,  -- what is asked for: one request at a time waits for it
  payload      text NOT NULL,
  payload_hash text NOT NULL,
  status       text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'executed', 'failed')),
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by   text,
  decided_at   timestamptz,
  note         text,
  outcome      text,  -- key of what came of it, or why it failed
  PRIMARY KEY (program_id, request_no),
  CHECK (decided_by IS NULL OR decided_by <> requested_by)
);
CREATE UNIQUE INDEX approval_request_open ON approval_request (program_id, kind, request_key)
  WHERE status IN ('pending', 'approved');
