-- What the events have left, and which of them did not count: written when a close folds events, under the number of
-- its attempt.

-- The register: what events have left between a viewer and a creator, as of each close that changed it. The state at a
-- close is the row of the latest attempt that counts. content_id '' is the follow.
--   occurred_at, event_id, source, active   the winning event and what it left
--   gained_close   0: baseline; null: has not earned
--   suspended      lost by a block alone: earns again, as if it had not before, once it is active again
CREATE TABLE engagement (
  program_id   integer NOT NULL,
  viewer_id    text COLLATE "C" NOT NULL,
  creator_id   text COLLATE "C" NOT NULL,
  content_id   text COLLATE "C" NOT NULL,
  attempt_id   bigint NOT NULL,
  occurred_at  bigint NOT NULL,
  event_id     text COLLATE "C" NOT NULL,
  source       text COLLATE "C" NOT NULL,
  active       boolean NOT NULL,
  gained_close integer,
  lost_close   integer,
  suspended    boolean NOT NULL DEFAULT false,
  PRIMARY KEY (program_id, viewer_id, creator_id, content_id, attempt_id)
);
-- The rows of an attempt lie together on disk; only the sweep looks for them.
CREATE INDEX engagement_attempt ON engagement USING brin (attempt_id);

-- Events that a risk rule kept from counting. Those that nothing but a blocked list excludes enter the register all the
-- same.
CREATE TABLE exclusion (
  program_id  integer NOT NULL,
  attempt_id  bigint NOT NULL,
  viewer_id   text COLLATE "C" NOT NULL,
  event_id    text COLLATE "C" NOT NULL,
  source      text COLLATE "C" NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  content_id  text COLLATE "C" NOT NULL,
  occurred_at bigint NOT NULL,
  rule        text NOT NULL,
  in_register boolean NOT NULL,
  PRIMARY KEY (program_id, attempt_id, viewer_id, event_id, source)
);

-- A viewer's earliest event that closes have seen, as of each close that moved it; kept where the policy has
-- minViewerAgeHours. A row counts with its attempt.
CREATE TABLE viewer_first_event (
  program_id  integer NOT NULL,
  viewer_id   text COLLATE "C" NOT NULL,
  attempt_id  bigint NOT NULL,
  occurred_at bigint NOT NULL,
  PRIMARY KEY (program_id, viewer_id, attempt_id)
);

-- By what a close judges and folds events, and for which share of the viewers: what fold_events takes. Instants in
-- epoch milliseconds.
CREATE TYPE fold_terms AS (
  program_id         integer,
  close_no           integer,
  attempt_id         bigint,     -- null: a dry run, which also takes batches that no close has seen
  starts_at          bigint,     -- of the period
  ends_at            bigint,
  first_start        bigint,     -- of the program's first period
  late_before        bigint,     -- likes and follows that occurred earlier are tooLate; null: none is (first close)
  creators_version   integer,
  blocked_viewers    text[],     -- of this close's policy; those of the close before it are looked up
  blocked_creators   text[],
  max_per_hour       integer,    -- limits are null where the policy sets none
  max_toggles        integer,
  max_likes_per_pair integer,
  min_age_hours      integer,
  period_bounds      bigint[],   -- sorted bounds of the periods of the judged events, only for limits per period
  count_followers    boolean,
  joined_days        date[],     -- with count_followers: days of joining, and the instants at which they start
  joined_instants    bigint[],
  part               integer,    -- from 0
  parts              integer,
  keep_pairs         boolean,    -- keep what pairs come to, for read_pairs on the same connection
  -- at the first close: keep the follows at its period's start, for count_follows_before there
  keep_start         boolean
);
