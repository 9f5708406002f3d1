-- Revenue booked for a period.

CREATE TABLE revenue (
  program_id integer NOT NULL,
  reference  text COLLATE "C" NOT NULL,
  period     text COLLATE "C" NOT NULL,
  starts_at  bigint NOT NULL,
  amount     numeric NOT NULL,
  corrects   text,
  booked_by  text NOT NULL,
  entry_key  text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, reference)
);
CREATE INDEX revenue_period ON revenue (program_id, period, reference);
