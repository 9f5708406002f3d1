-- Engagement events, as they were recorded. An event is identified by (program, viewer, source, id); the id stands
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

-- Records one batch: the events, once each, and the batch row, in one call. Lines are inserted in key order,
-- so two batches that share events wait for each other instead of deadlocking; among equal keys the lower line
-- comes first. Returns the lines (from 1) that conflict with what is recorded.
CREATE FUNCTION ingest_events(
  p_program integer, p_ids text[], p_sources text[], p_viewers text[], p_creators text[], p_contents text[],
  p_active boolean[], p_occurred bigint[]
) RETURNS TABLE (batch_id bigint, accepted integer, duplicates integer, conflict_lines integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  lines      integer := cardinality(p_ids);
  the_batch  bigint;
  n_inserted integer;
  n_same     integer;
  clashing   integer[] := '{}';
BEGIN
  INSERT INTO ingest_batch (program_id, occurred_min, occurred_max)
  SELECT p_program, min(t), max(t) FROM unnest(p_occurred) AS t
  RETURNING ingest_batch.batch_id INTO the_batch;

  INSERT INTO event (program_id, id, source, viewer_id, creator_id, content_id, active, occurred_at, batch_id)
  SELECT p_program, l.id, l.source, l.viewer_id, l.creator_id, l.content_id, l.active, l.occurred_at, the_batch
  FROM unnest(p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred)
    WITH ORDINALITY AS l (id, source, viewer_id, creator_id, content_id, active, occurred_at, ord)
  ORDER BY l.id COLLATE "C", l.source COLLATE "C", l.viewer_id COLLATE "C", l.ord
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS n_inserted = ROW_COUNT;

  n_same := lines;
  IF n_inserted < lines THEN
    -- A new statement, hence a new snapshot: it sees what the insert ran into.
    SELECT count(*) FILTER (WHERE same), coalesce(array_agg(ord::integer ORDER BY ord) FILTER (WHERE NOT same), '{}')
    INTO STRICT n_same, clashing
    FROM (
      SELECT l.ord, (e.creator_id, e.content_id, e.active, e.occurred_at) = (l.creator_id, l.content_id, l.active, l.occurred_at) AS same
      FROM unnest(p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred)
        WITH ORDINALITY AS l (id, source, viewer_id, creator_id, content_id, active, occurred_at, ord)
      JOIN event e ON e.program_id = p_program AND e.id = l.id AND e.source = l.source AND e.viewer_id = l.viewer_id
    ) AS compared;
    IF n_same + cardinality(clashing) <> lines THEN
      RAISE EXCEPTION 'ingest_events: % of % lines are not recorded', lines - n_same - cardinality(clashing), lines;
    END IF;
    IF n_inserted = 0 THEN
      -- Nothing new: the batch says so at once, and no close or tally has to look at it.
      UPDATE ingest_batch b SET duplicates = n_same, conflicts = cardinality(clashing), sealed_at = now(), tallied_at = now(), seen_close = 0
      WHERE b.batch_id = the_batch;
      RETURN QUERY SELECT the_batch, 0, n_same, clashing;
      RETURN;
    END IF;
  END IF;
  UPDATE ingest_batch b SET accepted = n_inserted, duplicates = n_same - n_inserted, conflicts = cardinality(clashing)
  WHERE b.batch_id = the_batch;
  RETURN QUERY SELECT the_batch, n_inserted, n_same - n_inserted, clashing;
END $$;

-- Seals batches whose events are committed. Losing this to a crash is harmless (a sweep seals again),
-- so it need not wait for the disk.
CREATE FUNCTION seal_batches(p_batches bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET synchronous_commit = off AS $$
  UPDATE ingest_batch SET sealed_at = now() WHERE batch_id = ANY (p_batches) AND sealed_at IS NULL;
$$;

-- Seals what a crash left unsealed. The grace period only avoids doing the services' work twice.
CREATE FUNCTION seal_left_behind(p_grace interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  WITH sealed AS (
    UPDATE ingest_batch SET sealed_at = now() WHERE sealed_at IS NULL AND received_at < now() - p_grace RETURNING 1
  ) SELECT count(*) FROM sealed;
$$;

CREATE FUNCTION record_refused(
  p_program integer, p_lines integer[], p_event_ids text[], p_codes text[], p_messages text[], p_bodies text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO refused_event (program_id, line_index, event_id, code, message, body)
  SELECT p_program, r.* FROM unnest(p_lines, p_event_ids, p_codes, p_messages, p_bodies) AS r;
$$;

-- Adds sealed batches of one program to the live estimates, each once. Periods come as a sorted array of bounds and
-- the label of what lies from each bound to the next. Returns how many batches were added.
CREATE FUNCTION tally_batches(p_program integer, p_batches bigint[], p_bounds bigint[], p_labels text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  due bigint[];
BEGIN
  SELECT array_agg(b.batch_id) INTO due FROM (
    SELECT batch_id FROM ingest_batch
    WHERE batch_id = ANY (p_batches) AND program_id = p_program AND sealed_at IS NOT NULL AND tallied_at IS NULL
    ORDER BY batch_id FOR UPDATE
  ) AS b;
  IF due IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO tally AS t (program_id, period, creator_id, likes, unlikes, follows, unfollows)
  SELECT p_program, p_labels[width_bucket(e.occurred_at, p_bounds)], e.creator_id,
         count(*) FILTER (WHERE e.active AND e.content_id <> ''), count(*) FILTER (WHERE NOT e.active AND e.content_id <> ''),
         count(*) FILTER (WHERE e.active AND e.content_id = ''), count(*) FILTER (WHERE NOT e.active AND e.content_id = '')
  FROM event e
  WHERE e.program_id = p_program AND e.batch_id = ANY (due)
  GROUP BY 2, 3 ORDER BY 2, 3
  ON CONFLICT (program_id, period, creator_id) DO UPDATE SET
    likes = t.likes + excluded.likes, unlikes = t.unlikes + excluded.unlikes,
    follows = t.follows + excluded.follows, unfollows = t.unfollows + excluded.unfollows;
  UPDATE ingest_batch SET tallied_at = now() WHERE batch_id = ANY (due);
  RETURN cardinality(due);
END $$;
