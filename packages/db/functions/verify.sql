-- Verifications as jobs: who began one, how far it is, what it found. They change nothing in the books.

-- The advisory lock that the connection of whoever works on a verification holds: it ends with the process, however
-- that ends.
CREATE FUNCTION verify_lock(p_program integer, p_run integer) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('rewardbook.verify ' || p_program || ' ' || p_run, 0);
$$;

-- Says of verifications that nobody works on that they were interrupted. Returns how many.
CREATE FUNCTION sweep_verify_runs() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  dead  record;
  swept integer := 0;
BEGIN
  FOR dead IN
    SELECT v.program_id, v.run_no FROM verify_run v
    WHERE CASE WHEN v.state = 'running' THEN pg_try_advisory_xact_lock(verify_lock(v.program_id, v.run_no)) END
    FOR UPDATE SKIP LOCKED
  LOOP
    UPDATE verify_run v SET state = 'interrupted', ended_at = clock_timestamp(),
      failure = 'What checked the books ended before it was done; run the checks again.'
    WHERE v.program_id = dead.program_id AND v.run_no = dead.run_no;
    swept := swept + 1;
  END LOOP;
  RETURN swept;
END $$;

-- Begins a verification, which lives until the end of the connection that calls this. One that is under way: that one,
-- and `begun` is false. p_checks is what is going to be checked.
CREATE FUNCTION begin_verify_run(p_program integer, p_key_hash text, p_checks text)
RETURNS TABLE (run_no integer, begun boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  keeps   constant integer := 100;
  actor   text := actor_of(p_key_hash, 'read', p_program);
  run_now integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('rewardbook.verify ' || p_program, 0));
  PERFORM sweep_verify_runs();
  SELECT v.run_no INTO run_now FROM verify_run v WHERE v.program_id = p_program AND v.state = 'running';
  IF FOUND THEN
    RETURN QUERY SELECT run_now, false;
    RETURN;
  END IF;
  INSERT INTO verify_run AS v (program_id, run_no, state, started_by, checks)
  SELECT p_program, coalesce(max(o.run_no), 0) + 1, 'running', actor, p_checks::json::text FROM verify_run o
  WHERE o.program_id = p_program
  RETURNING v.run_no INTO run_now;
  PERFORM pg_advisory_lock(verify_lock(p_program, run_now));
  DELETE FROM verify_run v WHERE v.program_id = p_program AND v.run_no <= run_now - keeps;
  RETURN QUERY SELECT run_now, true;
END $$;

-- Notes how far a verification is. Returns whether it goes on: not once somebody has asked to end it, or it was swept.
CREATE FUNCTION note_verify_run(p_program integer, p_run integer, p_checks text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  goes_on boolean;
BEGIN
  UPDATE verify_run v SET checks = p_checks::json::text
  WHERE v.program_id = p_program AND v.run_no = p_run AND v.state = 'running'
  RETURNING v.cancelled_by IS NULL INTO goes_on;
  RETURN coalesce(goes_on, false);
END $$;

-- Says what came of a verification; of one that has ended already nothing more.
CREATE FUNCTION end_verify_run(p_program integer, p_run integer, p_state text, p_checks text, p_failure text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE verify_run v SET state = p_state, checks = p_checks::json::text, failure = p_failure,
    ended_at = clock_timestamp()
  WHERE v.program_id = p_program AND v.run_no = p_run AND v.state = 'running';
$$;

-- Asks a verification to end; one that has ended stays unchanged.
CREATE FUNCTION cancel_verify_run(p_program integer, p_run integer, p_key_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  actor text := actor_of(p_key_hash, 'read', p_program);
BEGIN
  UPDATE verify_run v SET cancelled_by = coalesce(v.cancelled_by, actor)
  WHERE v.program_id = p_program AND v.run_no = p_run AND v.state = 'running';
  IF NOT EXISTS (SELECT 1 FROM verify_run v WHERE v.program_id = p_program AND v.run_no = p_run) THEN
    PERFORM refuse('verify-run-unknown', format('There is no verification %s of this program.', p_run));
  END IF;
END $$;
