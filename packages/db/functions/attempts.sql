-- Attempts of a close: what they write counts once the close names their number.

-- The advisory lock that the connection of whoever works on an attempt holds: it ends with the process, however that ends.
CREATE FUNCTION attempt_lock(p_fold bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('rewardbook.fold ' || p_fold, 0) $$;

-- Opens an attempt, which lives until `end_attempt` on the same connection, or that connection's end.
CREATE FUNCTION begin_fold(p_program integer, p_close integer, p_parts integer DEFAULT 1) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_fold bigint;
BEGIN
  IF (p_parts >= 1) IS NOT TRUE OR NOT EXISTS (SELECT 1 FROM period c WHERE c.program_id = p_program AND c.close_no = p_close) THEN
    RAISE EXCEPTION 'begin_fold: close % of program % was not begun, or is to be folded in % parts', p_close, p_program, p_parts;
  END IF;
  INSERT INTO fold (program_id, close_no, parts) VALUES (p_program, p_close, p_parts) RETURNING fold_id INTO the_fold;
  PERFORM pg_advisory_lock(attempt_lock(the_fold));
  RETURN the_fold;
END $$;

-- The attempt is no longer being worked on: if it was not committed, the sweep may remove it.
CREATE FUNCTION end_attempt(p_fold bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$ SELECT pg_advisory_unlock(attempt_lock(p_fold)) $$;

-- A fold can be written to while it exists and its period has not taken it. Held shared until the statement ends.
CREATE FUNCTION hold_fold(p_program integer, p_fold bigint) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM 1 FROM fold WHERE fold_id = p_fold AND program_id = p_program FOR SHARE;
  IF NOT FOUND THEN
    PERFORM refuse('fold-not-open', 'This attempt of the close was taken or swept; begin another one.');
  END IF;
END $$;

CREATE FUNCTION stage_allocations(
  p_program integer, p_fold bigint, p_creators text[], p_net_likes bigint[], p_net_follows bigint[], p_carried_in text[],
  p_carried_out text[], p_points text[], p_weights text[], p_amounts text[], p_void boolean[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM hold_fold(p_program, p_fold);
  INSERT INTO allocation (program_id, fold_id, creator_id, net_likes, net_follows, carried_in, carried_out, points, weight, amount, void)
  SELECT p_program, p_fold, r.creator_id, r.net_likes, r.net_follows, r.carried_in::numeric, r.carried_out::numeric,
         r.points::numeric, r.weight::numeric, r.amount::numeric, r.void
  FROM unnest(p_creators, p_net_likes, p_net_follows, p_carried_in, p_carried_out, p_points, p_weights, p_amounts, p_void)
    AS r (creator_id, net_likes, net_follows, carried_in, carried_out, points, weight, amount, void);
END $$;

-- Removes an attempt that no period has taken, and what it wrote. Whoever writes to it now (hold_fold) is waited for.
CREATE FUNCTION remove_attempt(p_program integer, p_fold bigint) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  DELETE FROM fold WHERE fold_id = p_fold;
  DELETE FROM engagement WHERE program_id = p_program AND fold_id = p_fold;
  DELETE FROM allocation WHERE program_id = p_program AND fold_id = p_fold;
  DELETE FROM exclusion WHERE program_id = p_program AND fold_id = p_fold;
  DELETE FROM viewer_first_event WHERE program_id = p_program AND fold_id = p_fold;
END $$;

-- Removes what attempts left behind that no period has taken, once they are no longer being worked on, however long ago they began. The
-- age is for attempts that only lost their connection: they may still finish. Returns how many attempts were swept.
CREATE FUNCTION sweep_attempts(p_older_than interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  dead  record;
  swept integer := 0;
BEGIN
  FOR dead IN
    SELECT f.program_id, f.fold_id FROM fold f
    WHERE CASE WHEN f.created_at < now() - p_older_than THEN pg_try_advisory_xact_lock(attempt_lock(f.fold_id)) END
    FOR UPDATE SKIP LOCKED
  LOOP
    PERFORM remove_attempt(dead.program_id, dead.fold_id);
    swept := swept + 1;
  END LOOP;
  DELETE FROM creator_import WHERE created_at < now() - p_older_than;
  RETURN swept;
END $$;
