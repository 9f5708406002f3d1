-- Engagement events, as they were recorded. An event is identified by (program, viewer, source, id); the id comes
-- first in the key because ids that grow with time keep the insert at the index's right edge.
-- A like or unlike has a content, a follow or unfollow has '' there; `active` is what the event leaves behind:
-- true for like and follow, false for unlike and unfollow.
CREATE TABLE event (
  program_id  integer NOT NULL,
  id          text COLLATE "C" NOT NULL,
  source      text COLLATE "C" NOT NULL,
  viewer_id   text COLLATE "C" NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  content_id  text COLLATE "C" NOT NULL,
  active      boolean NOT NULL,
  occurred_at bigint NOT NULL,
  batch_id    bigint NOT NULL,
  PRIMARY KEY (program_id, id, source, viewer_id)
);
-- Batches lie together on disk, so a block range index finds them at nearly no cost to the insert.
CREATE INDEX event_batch ON event USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);

-- The outbox: one row for each batch of events that was committed with it.
--   sealed_at   a second statement says that all its events are committed; a close sees sealed batches only
--   tallied_at  its live estimates are counted
--   seen_close  the first close that saw it
CREATE TABLE ingest_batch (
  batch_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id   integer NOT NULL,
  received_at  timestamptz NOT NULL DEFAULT now(),
  accepted     integer NOT NULL DEFAULT 0,
  duplicates   integer NOT NULL DEFAULT 0,
  conflicts    integer NOT NULL DEFAULT 0,
  occurred_min bigint NOT NULL,
  occurred_max bigint NOT NULL,
  sealed_at    timestamptz,
  tallied_at   timestamptz,
  seen_close   integer
);
CREATE INDEX ingest_batch_program ON ingest_batch (program_id, batch_id);
CREATE INDEX ingest_batch_unseen ON ingest_batch (program_id) WHERE seen_close IS NULL;
CREATE INDEX ingest_batch_unsealed ON ingest_batch (batch_id) WHERE sealed_at IS NULL;
CREATE INDEX ingest_batch_untallied ON ingest_batch (batch_id) WHERE tallied_at IS NULL;

-- What was refused, kept for inspection: lines that are no event, and conflicts.
CREATE TABLE refused_event (
  refusal_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id  integer NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  line_index  integer NOT NULL,
  event_id    text,
  code        text NOT NULL,
  message     text NOT NULL,
  body        text NOT NULL
);
CREATE INDEX refused_event_program ON refused_event (program_id, refusal_id);
CREATE INDEX refused_event_code ON refused_event (program_id, code, refusal_id);

-- How much of that a program has kept on a day (UTC), in bytes of texts. A key that may send events could fill the disk
-- otherwise.
CREATE TABLE refused_kept (
  program_id integer NOT NULL,
  day        date NOT NULL,
  bytes      bigint NOT NULL,
  PRIMARY KEY (program_id, day)
);

-- Live estimates: events as they came, by the period they happened in. Never used for money.
CREATE TABLE tally (
  program_id integer NOT NULL,
  period     text COLLATE "C" NOT NULL,
  creator_id text COLLATE "C" NOT NULL,
  likes      bigint NOT NULL,
  unlikes    bigint NOT NULL,
  follows    bigint NOT NULL,
  unfollows  bigint NOT NULL,
  PRIMARY KEY (program_id, period, creator_id)
);
