-- What people watch while it happens.

-- Rejected events by the second, for an hour: most of them are kept nowhere else.
CREATE TABLE rejected_second (
  program_id integer NOT NULL,
  second     timestamptz NOT NULL,
  rejected   bigint NOT NULL,
  PRIMARY KEY (program_id, second)
);

-- The steps of an attempt of a close, by when they began. One ends when the next begins; the last one of an attempt
-- that its close has taken ends with the close.
CREATE TABLE close_phase (
  program_id integer NOT NULL,
  close_no   integer NOT NULL,
  attempt_id bigint NOT NULL,
  phase_no   integer NOT NULL CHECK (phase_no >= 1),
  phase      text NOT NULL,
  began_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, close_no, attempt_id, phase_no)
);
