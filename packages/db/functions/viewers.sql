-- What a close asks about viewers besides the fold: their pairs with creators, follows at the close before, lockstep.

-- A temporary table from one call to the next is one that the owner has made: the caller could have put a view in its
-- place, whose functions would run as the owner.
CREATE FUNCTION assert_kept(p_table text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_class c WHERE c.relnamespace = pg_my_temp_schema() AND c.relname = p_table
      AND c.relkind = 'r' AND pg_get_userbyid(c.relowner) = current_user
  ) THEN
    RAISE EXCEPTION 'fold_events has kept no % on this connection', p_table;
  END IF;
END $$;

-- What pairs of viewers and creators gained and lost in the fold that this connection has done with keep_pairs: a row
-- for each viewer; `pairs` has a creator's id, net likes and net follows in each line. Ids have no control characters.
CREATE FUNCTION read_pairs() RETURNS TABLE (viewer_id text, pairs text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = rewardbook, pg_temp SET work_mem = '256MB'
SET jit = off AS $$
#variable_conflict use_column
BEGIN
  PERFORM assert_kept('pair_change');
  RETURN QUERY
  SELECT p.viewer_id, string_agg(p.creator_id || E'\t' || p.likes || E'\t' || p.follows, E'\n')
  FROM pg_temp.pair_change p GROUP BY p.viewer_id;
END $$;

-- Active follows of creators at the close before p_close, by the register as that close left it, for share p_part of
-- p_parts of the viewers; for the first close: at its period's start, by the fold that this connection has done with
-- keep_start. Blocked lists, creators and days of joining are those of the close that is asked about.
CREATE FUNCTION count_follows_before(
  p_program integer, p_close integer, p_blocked_viewers text[], p_blocked_creators text[], p_creators_version integer,
  p_joined_days date[], p_joined_instants bigint[], p_part integer, p_parts integer
) RETURNS TABLE (creator_id text, follows bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET work_mem = '256MB' SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  counting bigint[] := counting_attempts(p_program, p_close);
BEGIN
  IF p_close > 1 THEN
    DROP TABLE IF EXISTS pg_temp.start_follow;
    CREATE TEMP TABLE start_follow ON COMMIT DROP AS
    SELECT DISTINCT ON (e.viewer_id, e.creator_id) e.viewer_id, e.creator_id, e.active, e.occurred_at
    FROM engagement e
    WHERE e.program_id = p_program AND e.content_id = '' AND e.attempt_id = ANY (counting)
      AND in_part(e.viewer_id, p_part, p_parts)
    ORDER BY e.viewer_id, e.creator_id, e.attempt_id DESC;
  END IF;
  PERFORM assert_kept('start_follow');
  RETURN QUERY
  SELECT f.creator_id, count(*)
  FROM pg_temp.start_follow f
  LEFT JOIN creators_at(p_program, p_creators_version) c ON c.creator_id = f.creator_id
  LEFT JOIN unnest(p_joined_days, p_joined_instants) AS d (day, instant) ON d.day = c.joined_on
  WHERE f.active AND f.viewer_id <> ALL (p_blocked_viewers) AND f.creator_id <> ALL (p_blocked_creators)
    AND (d.instant IS NULL OR f.occurred_at >= d.instant)
  GROUP BY f.creator_id;
END $$;

-- The viewers, a line each, of the windows that lockstep compares: likes of a content and follows of a creator, of
-- those that a close judges, excluded or not, in windows of p_window milliseconds from the Unix epoch. Windows of one
-- viewer or more than p_most are left out.
CREATE FUNCTION lockstep_windows(
  p_program integer, p_close integer, p_start bigint, p_end bigint, p_dry boolean, p_window bigint, p_most integer
) RETURNS TABLE (viewers text)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp SET work_mem = '256MB' SET jit = off AS $$
  SELECT string_agg(w.viewer_id, E'\n')
  FROM (
    SELECT DISTINCT s.creator_id, s.content_id,
           s.occurred_at - (s.occurred_at % p_window + p_window) % p_window AS starts, s.viewer_id
    FROM seen_events(p_program, p_close, p_start, p_end, p_dry, 0, 1) AS s
    WHERE s.active
  ) AS w
  GROUP BY w.creator_id, w.content_id, w.starts
  HAVING count(*) BETWEEN 2 AND p_most;
$$;

-- Stages groups from number p_first on; `p_viewers` has a viewer in each line. Removes what attempts that are gone have
-- left behind.
CREATE FUNCTION stage_lockstep(
  p_program integer, p_attempt bigint, p_first integer, p_viewers text[], p_links bigint[], p_matches bigint[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM hold_attempt(p_program, p_attempt);
  DELETE FROM lockstep_group g
  WHERE p_first = 1 AND g.program_id = p_program
    AND NOT EXISTS (SELECT 1 FROM close_attempt f WHERE f.attempt_id = g.attempt_id)
    AND NOT EXISTS (SELECT 1 FROM close c WHERE c.program_id = p_program AND c.attempt_id = g.attempt_id);
  INSERT INTO lockstep_group (program_id, attempt_id, group_no, viewers, links, matches)
  SELECT p_program, p_attempt, p_first + r.ord::integer - 1, string_to_array(r.viewers, E'\n'), r.links, r.matches
  FROM unnest(p_viewers, p_links, p_matches) WITH ORDINALITY AS r (viewers, links, matches, ord);
END $$;
