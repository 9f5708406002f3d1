-- Orders of long lists, kept once they can no longer change.

-- The creators of a payout run or of a close (its attempt), sorted by an amount and then by creator, some hundred a
-- row; first_key and first_creator are those of the first one. Written by the sweep, after a draft or a close, of lists
-- that are too long to be sorted while somebody waits (functions/sorting.sql). What is not here is sorted when it is
-- asked for.
CREATE TABLE sort_sheet (
  program_id    integer NOT NULL,
  list          text COLLATE "C" NOT NULL CHECK (list IN ('payouts', 'allocations')),
  list_no       bigint NOT NULL,            -- run_no, attempt_id
  sort          text COLLATE "C" NOT NULL,  -- the column
  first_key     numeric NOT NULL,
  first_creator text COLLATE "C" NOT NULL,
  creator_ids   text[] COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, list, list_no, sort, first_key, first_creator)
);
-- Never searched by: statistics of a million ids take longer than their order.
ALTER TABLE sort_sheet ALTER COLUMN creator_ids SET STATISTICS 0;
