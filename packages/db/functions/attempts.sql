-- Attempts of a close: what they write counts once the close names their number.

-- The advisory lock that the connection of whoever works on an attempt holds: it ends with the process, however that
-- ends.
CREATE FUNCTION attempt_lock(p_attempt bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('rewardbook.attempt ' || p_attempt, 0) $$;

-- Opens an attempt, which lives until `end_attempt` on the same connection, or that connection's end.
CREATE FUNCTION begin_attempt(p_program integer, p_close integer, p_parts integer DEFAULT 1) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  new_attempt_id bigint;
BEGIN
  IF (p_parts >= 1) IS NOT TRUE
     OR NOT EXISTS (SELECT 1 FROM close c WHERE c.program_id = p_program AND c.close_no = p_close) THEN
    RAISE EXCEPTION 'begin_attempt: close % of program % was not begun, or is to be folded in % parts',
      p_close, p_program, p_parts;
  END IF;
  INSERT INTO close_attempt (program_id, close_no, parts) VALUES (p_program, p_close, p_parts)
  RETURNING attempt_id INTO new_attempt_id;
  PERFORM pg_advisory_lock(attempt_lock(new_attempt_id));
  RETURN new_attempt_id;
END $$;

-- Notes that an attempt goes on to its next step, for people who watch it. The note may come after the close has taken
-- the attempt; one that was swept: nothing.
CREATE FUNCTION note_phase(p_program integer, p_attempt bigint, p_phase_no integer, p_phase text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO close_phase (program_id, close_no, attempt_id, phase_no, phase)
  SELECT p_program, a.close_no, p_attempt, p_phase_no, left(p_phase, 32) FROM (
    SELECT close_no FROM close_attempt WHERE attempt_id = p_attempt AND program_id = p_program
    UNION
    SELECT close_no FROM close WHERE attempt_id = p_attempt AND program_id = p_program
  ) AS a
  WHERE p_phase_no BETWEEN 1 AND 64
  ON CONFLICT DO NOTHING;
$$;

-- The attempt is no longer being worked on: if it was not committed, the sweep may remove it.
CREATE FUNCTION end_attempt(p_attempt bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT pg_advisory_unlock(attempt_lock(p_attempt));
$$;

-- An attempt can be written to while it exists and its close has not taken it. Held shared until the statement ends.
CREATE FUNCTION hold_attempt(p_program integer, p_attempt bigint) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM 1 FROM close_attempt WHERE attempt_id = p_attempt AND program_id = p_program FOR SHARE;
  IF NOT FOUND THEN
    PERFORM refuse('attempt-not-open', 'This attempt of the close was taken or swept; begin another one.');
  END IF;
END $$;

CREATE FUNCTION stage_allocations(
  p_program integer, p_attempt bigint, p_creators text[], p_net_likes bigint[], p_net_follows bigint[],
  p_carried_in text[],
  p_carried_out text[], p_points text[], p_weights text[], p_amounts text[], p_void boolean[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM hold_attempt(p_program, p_attempt);
  INSERT INTO allocation (program_id, attempt_id, creator_id, net_likes, net_follows, carried_in, carried_out, points,
                          weight, amount, void)
  SELECT p_program, p_attempt, r.creator_id, r.net_likes, r.net_follows, r.carried_in::numeric, r.carried_out::numeric,
         r.points::numeric, r.weight::numeric, r.amount::numeric, r.void
  FROM unnest(p_creators, p_net_likes, p_net_follows, p_carried_in, p_carried_out, p_points, p_weights, p_amounts,
              p_void)
    AS r (creator_id, net_likes, net_follows, carried_in, carried_out, points, weight, amount, void);
END $$;

-- Removes an attempt that no close has taken, and what it wrote. Whoever writes to it now (hold_attempt) is waited for.
CREATE FUNCTION remove_attempt(p_program integer, p_attempt bigint) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  DELETE FROM close_attempt WHERE attempt_id = p_attempt;
  DELETE FROM engagement WHERE program_id = p_program AND attempt_id = p_attempt;
  DELETE FROM allocation WHERE program_id = p_program AND attempt_id = p_attempt;
  DELETE FROM commission WHERE program_id = p_program AND attempt_id = p_attempt;
  DELETE FROM exclusion WHERE program_id = p_program AND attempt_id = p_attempt;
  DELETE FROM viewer_first_event WHERE program_id = p_program AND attempt_id = p_attempt;
  DELETE FROM close_phase WHERE program_id = p_program AND attempt_id = p_attempt;
END $$;

-- Removes what attempts left behind that no close has taken, once they are no longer being worked on, however long ago
-- they began. The age is for attempts that only lost their connection: they may still finish. Returns how many attempts
-- were swept.
CREATE FUNCTION sweep_attempts(p_older_than interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  dead_attempt record;
  swept        integer := 0;
BEGIN
  FOR dead_attempt IN
    SELECT f.program_id, f.attempt_id FROM close_attempt f
    WHERE CASE WHEN f.created_at < now() - p_older_than THEN pg_try_advisory_xact_lock(attempt_lock(f.attempt_id)) END
    FOR UPDATE SKIP LOCKED
  LOOP
    PERFORM remove_attempt(dead_attempt.program_id, dead_attempt.attempt_id);
    swept := swept + 1;
  END LOOP;
  DELETE FROM creator_import WHERE created_at < now() - p_older_than;
  RETURN swept;
END $$;
