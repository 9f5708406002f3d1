-- Recording engagement events, their outbox of batches, and live estimates.

-- Numbers for batches to come. A caller that knows a batch's number before it sends the batch can send it again
-- when the answer is lost, and still learn what the first time did. Gaps mean nothing.
CREATE FUNCTION reserve_batches(p_count integer) RETURNS bigint[]
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT array_agg(nextval('ingest_batch_batch_id_seq')) FROM generate_series(1, p_count);
$$;

-- Records one batch: the events, once each, and the batch row, in one call. Lines are inserted in key order, so two
-- batches that share events wait for each other instead of deadlocking; among equal keys the lower line comes first.
-- Returns the lines (from 1) that were recorded before, or earlier in this batch, and those that conflict with what is
-- recorded. p_batch is a number from reserve_batches: with it the call may be repeated, and answers as it did first.
-- p_look_first only saves time, where most lines are expected to be there already.
CREATE FUNCTION ingest_events(
  p_program integer, p_ids text[], p_sources text[], p_viewers text[], p_creators text[], p_contents text[],
  p_active boolean[], p_occurred bigint[], p_batch bigint DEFAULT NULL, p_look_first boolean DEFAULT false
) RETURNS TABLE (batch_id bigint, accepted integer, duplicate_lines integer[], conflict_lines integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp
-- Plans of a small table are kept while it grows: the first two would be ruinous then. A bitmap knows no LIMIT.
SET enable_seqscan = off SET enable_nestloop = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  lines          integer := cardinality(p_ids);
  stored_batch   bigint;
  n_accepted     integer;
  n_found        integer;
  n_mine         integer;
  n_candidates   integer;
  repeated_lines integer[];
  clashing_lines integer[] := '{}';
  inserted       boolean := false;
BEGIN
  INSERT INTO ingest_batch (batch_id, program_id, occurred_min, occurred_max) OVERRIDING SYSTEM VALUE
  SELECT coalesce(p_batch, nextval('ingest_batch_batch_id_seq')), p_program, min(t), max(t) FROM unnest(p_occurred) AS t
  ON CONFLICT (batch_id) DO NOTHING
  RETURNING ingest_batch.batch_id INTO stored_batch;
  IF stored_batch IS NULL THEN
    -- The batch was committed and its answer lost: nothing is left to insert.
    SELECT b.accepted INTO n_accepted FROM ingest_batch b
    WHERE b.batch_id = p_batch AND b.program_id = p_program AND b.accepted + b.duplicates + b.conflicts = lines;
    IF n_accepted IS NULL THEN
      RAISE EXCEPTION 'ingest_events: batch % is another one', p_batch;
    END IF;
    stored_batch := p_batch;
    inserted := true;
  ELSIF NOT p_look_first THEN
    BEGIN
      -- Nearly always all lines are new: a plain insert does without ON CONFLICT's second search and second log record.
      INSERT INTO event (program_id, id, source, viewer_id, creator_id, content_id, active, occurred_at, batch_id)
      SELECT p_program, l.id, l.source, l.viewer_id, l.creator_id, l.content_id, l.active, l.occurred_at, stored_batch
      FROM unnest(p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred)
        AS l (id, source, viewer_id, creator_id, content_id, active, occurred_at)
      ORDER BY l.id COLLATE "C", l.source COLLATE "C", l.viewer_id COLLATE "C";
      UPDATE ingest_batch b SET accepted = lines WHERE b.batch_id = stored_batch;
      RETURN QUERY SELECT stored_batch, lines, '{}'::integer[], '{}'::integer[];
      RETURN;
    EXCEPTION WHEN unique_violation THEN
      NULL; -- some are not
    END;
  END IF;

  LOOP
    -- Each turn is a new statement, hence a new snapshot: it sees what the insert ran into. One scan for all ids costs
    -- half of a search for each line, unless ids are used again by other viewers: so it gives up at twice the lines.
    WITH candidate AS MATERIALIZED (
      SELECT e.id, e.source, e.viewer_id, e.creator_id, e.content_id, e.active, e.occurred_at, e.batch_id
      FROM event e WHERE e.program_id = p_program AND e.id = ANY (p_ids) LIMIT 2 * lines + 1
    )
    SELECT count(*), count(*) FILTER (WHERE e.batch_id = stored_batch),
           coalesce(array_agg(ord::integer) FILTER (WHERE same AND e.batch_id <> stored_batch), '{}'),
           coalesce(array_agg(ord::integer) FILTER (WHERE NOT same), '{}'), (SELECT count(*) FROM candidate)
    INTO STRICT n_found, n_mine, repeated_lines, clashing_lines, n_candidates
    FROM unnest(p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred)
      WITH ORDINALITY AS l (id, source, viewer_id, creator_id, content_id, active, occurred_at, ord)
    JOIN candidate e ON e.id = l.id AND e.source = l.source AND e.viewer_id = l.viewer_id
    CROSS JOIN LATERAL (
      SELECT (e.creator_id, e.content_id, e.active, e.occurred_at)
               = (l.creator_id, l.content_id, l.active, l.occurred_at)
    ) AS compared (same);
    IF n_candidates > 2 * lines THEN
      -- OFFSET 0 keeps the look-up a subquery for each line: as a join the planner hashes the whole table.
      SELECT count(*), count(*) FILTER (WHERE mine),
             coalesce(array_agg(ord::integer) FILTER (WHERE same AND NOT mine), '{}'),
             coalesce(array_agg(ord::integer) FILTER (WHERE NOT same), '{}')
      INTO STRICT n_found, n_mine, repeated_lines, clashing_lines
      FROM unnest(p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred)
        WITH ORDINALITY AS l (id, source, viewer_id, creator_id, content_id, active, occurred_at, ord)
      CROSS JOIN LATERAL (
        SELECT (e.creator_id, e.content_id, e.active, e.occurred_at)
                 = (l.creator_id, l.content_id, l.active, l.occurred_at) AS same,
               e.batch_id = stored_batch AS mine
        FROM event e
        WHERE e.program_id = p_program AND e.id = l.id AND e.source = l.source AND e.viewer_id = l.viewer_id OFFSET 0
      ) AS stored;
    END IF;
    EXIT WHEN n_found = lines;
    IF inserted THEN
      RAISE EXCEPTION 'ingest_events: % of % lines are not recorded', lines - n_found, lines;
    END IF;
    INSERT INTO event (program_id, id, source, viewer_id, creator_id, content_id, active, occurred_at, batch_id)
    SELECT p_program, l.id, l.source, l.viewer_id, l.creator_id, l.content_id, l.active, l.occurred_at, stored_batch
    FROM unnest(p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred)
      WITH ORDINALITY AS l (id, source, viewer_id, creator_id, content_id, active, occurred_at, ord)
    ORDER BY l.id COLLATE "C", l.source COLLATE "C", l.viewer_id COLLATE "C", l.ord
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS n_accepted = ROW_COUNT;
    inserted := true;
  END LOOP;
  n_accepted := coalesce(n_accepted, 0);

  IF n_mine > n_accepted THEN
    -- An identity occurs in this batch more than once: the lowest line was recorded, the others are the same again (a
    -- line that is not the same is among the clashing).
    SELECT repeated_lines || coalesce(array_agg(ord::integer), '{}') INTO repeated_lines
    FROM (
      SELECT l.ord, row_number() OVER (PARTITION BY l.id, l.source, l.viewer_id ORDER BY l.ord) AS turn
      FROM unnest(p_ids, p_sources, p_viewers) WITH ORDINALITY AS l (id, source, viewer_id, ord)
    ) AS numbered
    WHERE turn > 1 AND NOT ord = ANY (repeated_lines || clashing_lines);
  END IF;
  IF n_accepted = 0 THEN
    -- what this batch repeats is on disk; nothing else could be lost
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  -- Nothing new: the batch is marked so right away, and no close or tally has to look at it.
  UPDATE ingest_batch b SET
    accepted = n_accepted, duplicates = cardinality(repeated_lines), conflicts = cardinality(clashing_lines),
    sealed_at = CASE WHEN n_accepted = 0 THEN now() ELSE b.sealed_at END,
    tallied_at = CASE WHEN n_accepted = 0 THEN now() ELSE b.tallied_at END,
    seen_close = CASE WHEN n_accepted = 0 THEN 0 ELSE b.seen_close END
  WHERE b.batch_id = stored_batch;
  RETURN QUERY SELECT stored_batch, n_accepted, repeated_lines, clashing_lines;
END $$;

-- Seals batches whose events are committed. Losing this to a crash is harmless (a sweep seals again),
-- so it need not wait for the disk. (As an option of the function the setting would be gone again by the commit.)
CREATE FUNCTION seal_batches(p_batches bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT set_config('synchronous_commit', 'off', true);
  UPDATE ingest_batch SET sealed_at = now() WHERE batch_id = ANY (p_batches) AND sealed_at IS NULL;
$$;

-- Records a batch, commits, and seals it: two transactions in one round trip. If the second is lost, the call may be
-- repeated, and a sweep seals too. No SECURITY DEFINER and no SET here: a procedure that commits may have neither.
CREATE PROCEDURE ingest_and_seal(
  p_program integer, p_ids text[], p_sources text[], p_viewers text[], p_creators text[], p_contents text[],
  p_active boolean[], p_occurred bigint[], p_batch bigint, p_look_first boolean,
  INOUT accepted integer DEFAULT NULL, INOUT duplicate_lines integer[] DEFAULT NULL,
    INOUT conflict_lines integer[] DEFAULT NULL
) LANGUAGE plpgsql AS $$
BEGIN
  SELECT r.accepted, r.duplicate_lines, r.conflict_lines INTO STRICT accepted, duplicate_lines, conflict_lines
  FROM rewardbook.ingest_events(
    p_program, p_ids, p_sources, p_viewers, p_creators, p_contents, p_active, p_occurred, p_batch, p_look_first) AS r;
  COMMIT;
  IF accepted > 0 THEN
    PERFORM rewardbook.seal_batches(ARRAY[p_batch]);
  END IF;
END $$;

-- Seals what a crash left unsealed. The grace period only avoids doing the services' work twice; what is locked is
-- being sealed, and waiting for it could deadlock.
CREATE FUNCTION seal_left_behind(p_grace interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  WITH sealed AS (
    UPDATE ingest_batch SET sealed_at = now() WHERE batch_id IN (
      SELECT batch_id FROM ingest_batch WHERE sealed_at IS NULL AND received_at < now() - p_grace FOR UPDATE SKIP LOCKED
    ) RETURNING 1
  ) SELECT count(*) FROM sealed;
$$;

-- Keeps refused events, the first ones of a day up to 32 MB, and counts those that were rejected (p_rejected, kept or
-- not) in the second. Returns how many of these were kept.
CREATE FUNCTION record_refused(
  p_program integer, p_lines integer[], p_event_ids text[], p_codes text[], p_messages text[], p_bodies text[],
  p_rejected bigint DEFAULT 0
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  quota   constant bigint := 33554432;
  today   constant date := (now() AT TIME ZONE 'UTC')::date;
  so_far  bigint;
  n_kept  integer;
  n_bytes bigint;
BEGIN
  -- Takes the row, so that two at a time do not both find room for the last.
  INSERT INTO refused_kept AS k (program_id, day, bytes) VALUES (p_program, today, 0)
  ON CONFLICT (program_id, day) DO UPDATE SET bytes = k.bytes
  RETURNING k.bytes INTO so_far;
  WITH measured AS (
    SELECT r.*, sum(octet_length(r.message) + octet_length(r.body) + coalesce(octet_length(r.event_id), 0) + 100)
                  OVER (ORDER BY r.ord) AS until
    FROM unnest(p_lines, p_event_ids, p_codes, p_messages, p_bodies)
      WITH ORDINALITY AS r (line_index, event_id, code, message, body, ord)
  ), kept AS (
    INSERT INTO refused_event (program_id, line_index, event_id, code, message, body)
    SELECT p_program, m.line_index, m.event_id, m.code, m.message, m.body FROM measured m
    WHERE so_far + m.until <= quota
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM kept)::integer,
         (SELECT coalesce(max(m.until), 0) FROM measured m WHERE so_far + m.until <= quota)
  INTO STRICT n_kept, n_bytes;
  UPDATE refused_kept SET bytes = bytes + n_bytes WHERE program_id = p_program AND day = today;
  IF p_rejected > 0 THEN
    INSERT INTO rejected_second AS r (program_id, second, rejected)
    VALUES (p_program, date_trunc('second', now()), p_rejected)
    ON CONFLICT (program_id, second) DO UPDATE SET rejected = r.rejected + excluded.rejected;
    DELETE FROM rejected_second WHERE program_id = p_program AND second < now() - interval '1 hour';
  END IF;
  RETURN n_kept;
END $$;

-- Adds sealed batches of one program to the live estimates, each once. Periods come as a sorted array of bounds and
-- the label of what lies from each bound to the next. Returns how many batches were added.
CREATE FUNCTION tally_batches(p_program integer, p_batches bigint[], p_bounds bigint[], p_labels text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  due_batches bigint[];
BEGIN
  SELECT array_agg(b.batch_id) INTO due_batches FROM (
    SELECT batch_id FROM ingest_batch
    WHERE batch_id = ANY (p_batches) AND program_id = p_program AND sealed_at IS NOT NULL AND tallied_at IS NULL
    ORDER BY batch_id FOR UPDATE
  ) AS b;
  IF due_batches IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO tally AS t (program_id, period, creator_id, likes, unlikes, follows, unfollows)
  SELECT p_program, p_labels[width_bucket(e.occurred_at, p_bounds)], e.creator_id,
         count(*) FILTER (WHERE e.active AND e.content_id <> ''),
         count(*) FILTER (WHERE NOT e.active AND e.content_id <> ''),
         count(*) FILTER (WHERE e.active AND e.content_id = ''),
         count(*) FILTER (WHERE NOT e.active AND e.content_id = '')
  FROM event e
  WHERE e.program_id = p_program AND e.batch_id = ANY (due_batches)
  GROUP BY 2, 3 ORDER BY 2, 3
  ON CONFLICT (program_id, period, creator_id) DO UPDATE SET
    likes = t.likes + excluded.likes, unlikes = t.unlikes + excluded.unlikes,
    follows = t.follows + excluded.follows, unfollows = t.unfollows + excluded.unfollows;
  UPDATE ingest_batch SET tallied_at = now() WHERE batch_id = ANY (due_batches);
  RETURN cardinality(due_batches);
END $$;
