-- Who scouted a creator, and what scouts were given for it.

ALTER TABLE creator ADD COLUMN scout_id text COLLATE "C", ADD COLUMN scouted_on date,
  ADD CHECK ((scout_id IS NULL) = (scouted_on IS NULL) AND scout_id <> creator_id);
ALTER TABLE creator_import_row ADD COLUMN scout_id text COLLATE "C", ADD COLUMN scouted_on date;

-- Whether anybody has a scout, and who.
CREATE INDEX creator_scouted ON creator (program_id, creator_id, version) WHERE scout_id IS NOT NULL;

-- Under the attempt that worked them out: they count once the close names it.
CREATE TABLE commission (
  program_id integer NOT NULL,
  attempt_id bigint NOT NULL,
  scout_id   text COLLATE "C" NOT NULL,
  creator_id text COLLATE "C" NOT NULL,
  amount     numeric NOT NULL CHECK (amount > 0),
  paid_by    text NOT NULL CHECK (paid_by IN ('platform', 'creator')),
  PRIMARY KEY (program_id, attempt_id, scout_id, creator_id)
);
