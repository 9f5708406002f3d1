-- What the books check of what a service says, so that it need not be trusted: dates and instants of periods, the terms
-- of a fold, and what the closes behind a payout run rest on. README.md lists it call by call.

-- An error that the caller made. MESSAGE is its code, DETAIL what to do; the client maps both.
CREATE FUNCTION refuse(code text, advice text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'RB001', MESSAGE = code, DETAIL = advice;
END $$;

-- First and last date of a period of a program, by its label.
CREATE FUNCTION dates_of(p_program integer, p_period text, OUT first_date date, OUT last_date date)
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  kind text;
BEGIN
  SELECT g.period_kind INTO STRICT kind FROM program g WHERE g.program_id = p_program;
  IF kind = 'month' AND p_period ~ '^\d{4}-\d\d$' THEN
    first_date := make_date(left(p_period, 4)::integer, right(p_period, 2)::integer, 1);
    last_date := first_date + interval '1 month' - interval '1 day';
  ELSIF kind = 'week' AND p_period ~ '^\d{4}-W\d\d$'
        AND p_period = to_char(to_date(p_period, 'IYYY"-W"IW'), 'IYYY"-W"IW') THEN
    first_date := to_date(p_period, 'IYYY"-W"IW');
    last_date := first_date + 6;
  ELSIF kind = 'day' AND p_period ~ '^\d{4}-\d\d-\d\d$' THEN
    first_date := make_date(left(p_period, 4)::integer, substr(p_period, 6, 2)::integer, right(p_period, 2)::integer);
    last_date := first_date;
  ELSE
    PERFORM refuse('bad-period', format('%s is not a period of this program: it has one a %s.', p_period, kind));
  END IF;
END $$;

-- Refuses other dates than the first and last of a period.
CREATE FUNCTION assert_dates(p_program integer, p_period text, p_first date, p_last date) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF dates_of(p_program, p_period) IS DISTINCT FROM (p_first, p_last) THEN
    RAISE EXCEPTION 'assert_dates: % does not last from % to %', p_period, p_first, p_last;
  END IF;
END $$;

-- Refuses an instant (epoch milliseconds) at which a date cannot begin, in any time zone. Which instant it is, is said
-- by the zone's rules as the services know them: the server may know older ones.
CREATE FUNCTION assert_begins(p_date date, p_instant bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF (abs(p_instant - (p_date - date '1970-01-01')::bigint * 86400000) < 86400000) IS NOT TRUE THEN
    RAISE EXCEPTION 'assert_begins: % does not begin at % (epoch milliseconds)', p_date, p_instant;
  END IF;
END $$;

-- Whether a period comes next after another.
CREATE FUNCTION follows(p_program integer, p_before text, p_period text) RETURNS boolean
LANGUAGE sql STABLE STRICT SET search_path = rewardbook, pg_temp AS $$
  SELECT (dates_of(p_program, p_before)).last_date + 1 = (dates_of(p_program, p_period)).first_date;
$$;

-- Refuses windows of limits that are shorter than the program's periods: each would let as much through as a period
-- may. Where exactly a period begins is said by the zone's rules as the services know them; one that the zone skipped
-- is empty.
CREATE FUNCTION assert_windows(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  shortest bigint;
BEGIN
  IF coalesce(p_terms.max_toggles, p_terms.max_likes_per_pair) IS NULL THEN
    RETURN;
  END IF;
  SELECT CASE g.period_kind WHEN 'month' THEN 27 * 24 WHEN 'week' THEN 6 * 24 ELSE 12 END * 3600000::bigint
  INTO STRICT shortest FROM program g WHERE g.program_id = p_terms.program_id;
  IF p_terms.period_bounds IS NULL OR EXISTS (
    SELECT FROM (
      SELECT b.instant - lag(b.instant) OVER (ORDER BY b.place) AS lasts
      FROM unnest(p_terms.period_bounds) WITH ORDINALITY AS b (instant, place)
    ) AS bound WHERE bound.lasts < shortest AND bound.lasts <> 0
  ) THEN
    RAISE EXCEPTION 'assert_windows: close % of program % is not judged by windows of a period each',
      p_terms.close_no, p_terms.program_id;
  END IF;
END $$;

-- A close is folded by the terms that were fixed when it began: those of its policy, and where it lies among the
-- closes; in the parts of its attempt. What the fold does with them is SQL too; so it is only from recorded events that
-- anybody gains. A dry run may have any terms.
CREATE FUNCTION assert_fold_terms(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  policy jsonb;
  risk   jsonb;
BEGIN
  IF (p_terms.part BETWEEN 0 AND p_terms.parts - 1) IS NOT TRUE OR (p_terms.attempt_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM close_attempt a JOIN close c ON c.program_id = a.program_id AND c.close_no = a.close_no
    WHERE a.attempt_id = p_terms.attempt_id AND a.parts = p_terms.parts
      AND (c.program_id, c.close_no, c.starts_at, c.ends_at, c.creators_version)
        = (p_terms.program_id, p_terms.close_no, p_terms.starts_at, p_terms.ends_at, p_terms.creators_version)
  )) THEN
    RAISE EXCEPTION 'fold_events: part % of % of close % is not one of attempt %',
      p_terms.part, p_terms.parts, p_terms.close_no, p_terms.attempt_id;
  ELSIF p_terms.attempt_id IS NULL THEN
    RETURN;
  END IF;
  SELECT v.policy::jsonb INTO STRICT policy
  FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
  WHERE c.program_id = p_terms.program_id AND c.close_no = p_terms.close_no;
  risk := policy -> 'risk';
  IF (p_terms.max_per_hour, p_terms.max_toggles, p_terms.max_likes_per_pair, p_terms.min_age_hours,
      p_terms.blocked_viewers, p_terms.blocked_creators, p_terms.first_start, p_terms.late_before)
     IS DISTINCT FROM (
       (risk ->> 'maxEventsPerViewerPerHour')::integer, (risk ->> 'maxTogglesPerEngagement')::integer,
       (risk ->> 'maxLikesPerPair')::integer, (risk ->> 'minViewerAgeHours')::integer,
       ARRAY(SELECT jsonb_array_elements_text(risk -> 'blockedViewers')),
       ARRAY(SELECT jsonb_array_elements_text(risk -> 'blockedCreators')),
       (SELECT c.starts_at FROM close c WHERE c.program_id = p_terms.program_id AND c.close_no = 1),
       (SELECT c.starts_at FROM close c WHERE p_terms.close_no > 1 AND c.program_id = p_terms.program_id
          AND c.close_no = greatest(1, p_terms.close_no - (policy ->> 'maxLatePeriods')::integer)))
  THEN
    RAISE EXCEPTION 'assert_fold_terms: close % of program % is not folded by the terms of its policy',
      p_terms.close_no, p_terms.program_id;
  END IF;
  PERFORM assert_windows(p_terms);
END $$;

-- Whether a closed period gives what the recorded events do, as far as SQL can tell: each creator's net counts are
-- those of the register, which only a fold of recorded events writes, points are carried on as the close before left
-- them, and nobody has more points than counts, weights and boosts come to. How the pool is split between those who
-- have points, `verify` derives again. What a close rests on never changes, so each is checked once, whoever is first:
-- the ledger's sweep, or the approval of a run. Returns the first creator with a fault; null for a sound close.
CREATE FUNCTION check_close(p_program integer, p_close integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '256MB'
SET enable_nestloop = off AS $$
DECLARE
  checked    record;
  most_boost numeric := 1;
  multiplier numeric;
  fault      text;
BEGIN
  SELECT c.period, c.attempt_id, c.checked_at, c.unsound_for, b.attempt_id AS attempt_before,
         (v.policy::jsonb #>> '{weights,like}')::numeric AS like_weight,
         (v.policy::jsonb #>> '{weights,follow}')::numeric AS follow_weight, v.policy::jsonb -> 'boosts' AS boosts
  INTO checked
  FROM close c
  JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
  LEFT JOIN close b ON b.program_id = c.program_id AND b.close_no = c.close_no - 1
  WHERE c.program_id = p_program AND c.close_no = p_close AND c.status = 'closed';
  IF checked.period IS NULL THEN
    RAISE EXCEPTION 'check_close: close % of program % is not done', p_close, p_program;
  ELSIF checked.checked_at IS NOT NULL THEN
    RETURN checked.unsound_for;
  END IF;
  FOR multiplier IN SELECT (b ->> 'multiplier')::numeric FROM jsonb_array_elements(checked.boosts) AS b LOOP
    most_boost := most_boost * greatest(multiplier, 1);
  END LOOP;
  SELECT min(creator_id) INTO fault FROM (
    SELECT creator_id, coalesce(g.likes, 0) AS gained_likes, coalesce(g.follows, 0) AS gained_follows,
           coalesce(a.net_likes, 0) AS net_likes, coalesce(a.net_follows, 0) AS net_follows,
           coalesce(a.carried_in, 0) AS carried_in, coalesce(b.carried_out, 0) AS carried,
           coalesce(a.carried_out, 0) AS carried_out, coalesce(a.points, 0) AS points
    FROM (SELECT * FROM allocation WHERE program_id = p_program AND attempt_id = checked.attempt_id) AS a
    FULL JOIN (
      SELECT e.creator_id,
             count(*) FILTER (WHERE e.content_id <> '' AND e.gained_close = p_close)
               - count(*) FILTER (WHERE e.content_id <> '' AND e.lost_close = p_close
                                  AND v.creator_id IS NULL) AS likes,
             count(*) FILTER (WHERE e.content_id = '' AND e.gained_close = p_close)
               - count(*) FILTER (WHERE e.content_id = '' AND e.lost_close = p_close
                                  AND v.creator_id IS NULL) AS follows
      FROM engagement e
      LEFT JOIN (
        SELECT w.creator_id, c.close_no FROM allocation w
        JOIN close c ON c.program_id = w.program_id AND c.attempt_id = w.attempt_id
        WHERE w.program_id = p_program AND w.void
      ) AS v ON v.creator_id = e.creator_id AND v.close_no = e.gained_close
      WHERE e.program_id = p_program AND e.attempt_id = checked.attempt_id GROUP BY e.creator_id
    ) AS g USING (creator_id)
    FULL JOIN (
      SELECT creator_id, carried_out FROM allocation
      WHERE program_id = p_program AND attempt_id = checked.attempt_before AND carried_out <> 0
    ) AS b USING (creator_id)
  ) AS t
  WHERE (t.net_likes, t.net_follows, t.carried_in) IS DISTINCT FROM (t.gained_likes, t.gained_follows, t.carried)
     OR t.carried_out <> least(0, t.carried_in + checked.like_weight * t.net_likes
                               + checked.follow_weight * t.net_follows)
     OR t.points > greatest(0, t.carried_in + checked.like_weight * t.net_likes
                            + checked.follow_weight * t.net_follows) * most_boost;
  UPDATE close SET checked_at = clock_timestamp(), unsound_for = fault
  WHERE program_id = p_program AND close_no = p_close AND checked_at IS NULL;
  RETURN fault;
END $$;

-- Refuses where a close, up to a period, from which no approved run has paid yet gives what the recorded events do not.
CREATE FUNCTION assert_closes_sound(p_program integer, p_period text) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  unsound record;
BEGIN
  SELECT f.period, f.creator_id INTO unsound FROM (
    SELECT c.period, c.close_no, check_close(p_program, c.close_no) AS creator_id
    FROM close c
    WHERE c.program_id = p_program AND c.status = 'closed' AND c.period <= p_period COLLATE "C"
      AND c.close_no > (
        SELECT coalesce(max(p.close_no), 0) FROM payout_run r
        JOIN close p ON p.program_id = r.program_id AND p.period = r.period
        WHERE r.program_id = p_program AND r.entry_key IS NOT NULL)
  ) AS f WHERE f.creator_id IS NOT NULL ORDER BY f.close_no LIMIT 1;
  IF unsound.creator_id IS NOT NULL THEN
    PERFORM refuse('close-unsound', format(
      'The close of %s gives creator %s what the recorded events do not: nothing that rests on it is paid. '
      'Verify the books.', unsound.period, unsound.creator_id));
  END IF;
END $$;
