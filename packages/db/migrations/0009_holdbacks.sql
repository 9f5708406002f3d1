-- What is held back of allocations after each close, and its release.

-- The holdback of a creator's allocation: its share, or what is payable then where that is less. It is released after
-- the allocation of close `due_close`. The sum of a creator's `kept` is the balance of the held account.
CREATE TABLE holdback (
  program_id integer NOT NULL REFERENCES program,
  creator_id text COLLATE "C" NOT NULL,
  close_no   integer NOT NULL,
  due_close  integer NOT NULL CHECK (due_close > close_no),
  amount     numeric NOT NULL CHECK (amount > 0),
  kept       numeric NOT NULL,  -- what of it is neither released nor clawed back
  PRIMARY KEY (program_id, creator_id, close_no),
  CHECK (kept BETWEEN 0 AND amount)
);
CREATE INDEX holdback_kept ON holdback (program_id, due_close) WHERE kept > 0;

-- What a clawback took out of which holdbacks: its reversal puts it back there.
CREATE TABLE holdback_clawback (
  program_id integer NOT NULL,
  entry_key  text COLLATE "C" NOT NULL,
  creator_id text COLLATE "C" NOT NULL,
  close_no   integer NOT NULL,
  amount     numeric NOT NULL CHECK (amount > 0),
  PRIMARY KEY (program_id, entry_key, creator_id, close_no),
  FOREIGN KEY (program_id, creator_id, close_no) REFERENCES holdback
);

-- A closed period whose holdback and releases are posted. Without one they are pending.
CREATE TABLE close_holdback (
  program_id  integer NOT NULL REFERENCES program,
  close_no    integer NOT NULL,
  held_key    text,  -- entry `holdback:<period>`; null where nothing was held
  release_key text,  -- entry `release:<period>`; null where nothing was released
  done_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program_id, close_no)
);
