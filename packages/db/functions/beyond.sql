-- What a close gives besides the pool. What is staged here counts once the close names the attempt.

-- What a creator gets of a close from the pool and from campaigns: what commissions are taken of.
CREATE FUNCTION allocated_to(p_program integer, p_attempt bigint) RETURNS TABLE (creator_id text, amount numeric)
LANGUAGE sql STABLE AS $$
  SELECT a.creator_id, a.amount FROM rewardbook.allocation a
  WHERE a.program_id = p_program AND a.attempt_id = p_attempt AND a.amount <> 0;
$$;

-- What the parts of a close give each creator on top of the pool; below zero where more is taken off.
CREATE FUNCTION given_by_parts(p_program integer, p_attempt bigint) RETURNS TABLE (creator_id text, amount numeric)
LANGUAGE sql STABLE AS $$
  SELECT g.creator_id, sum(g.amount) FROM (
    SELECT m.scout_id AS creator_id, m.amount FROM rewardbook.commission m
    WHERE m.program_id = p_program AND m.attempt_id = p_attempt
    UNION ALL
    SELECT m.creator_id, -m.amount FROM rewardbook.commission m
    WHERE m.program_id = p_program AND m.attempt_id = p_attempt AND m.paid_by = 'creator'
  ) AS g GROUP BY g.creator_id;
$$;

-- What a close gives each creator, by what it is for: together, all that it gives.
CREATE FUNCTION given_by_kind(p_program integer, p_attempt bigint)
RETURNS TABLE (creator_id text, pool_amount numeric, commission_paid numeric, commission_earned numeric)
LANGUAGE sql STABLE AS $$
  SELECT k.creator_id, sum(k.pool), sum(k.paid), sum(k.earned) FROM (
    SELECT a.creator_id, a.amount AS pool, 0 AS paid, 0 AS earned FROM rewardbook.allocation a
    WHERE a.program_id = p_program AND a.attempt_id = p_attempt AND a.amount <> 0
    UNION ALL
    SELECT m.creator_id, 0, CASE WHEN m.paid_by = 'creator' THEN -m.amount ELSE 0 END, 0 FROM rewardbook.commission m
    WHERE m.program_id = p_program AND m.attempt_id = p_attempt
    UNION ALL
    SELECT m.scout_id, 0, 0, m.amount FROM rewardbook.commission m
    WHERE m.program_id = p_program AND m.attempt_id = p_attempt
  ) AS k GROUP BY k.creator_id;
$$;

-- All that a close gives each creator.
CREATE FUNCTION given_to(p_program integer, p_attempt bigint) RETURNS TABLE (creator_id text, amount numeric)
LANGUAGE sql STABLE AS $$
  SELECT creator_id, coalesce(a.amount, 0) + coalesce(b.amount, 0) FROM (
    SELECT l.creator_id, l.amount FROM rewardbook.allocation l
    WHERE l.program_id = p_program AND l.attempt_id = p_attempt
  ) AS a FULL JOIN rewardbook.given_by_parts(p_program, p_attempt) AS b USING (creator_id);
$$;

CREATE FUNCTION stage_commissions(
  p_program integer, p_attempt bigint, p_scouts text[], p_creators text[], p_amounts text[], p_paid_by text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM hold_attempt(p_program, p_attempt);
  INSERT INTO commission (program_id, attempt_id, scout_id, creator_id, amount, paid_by)
  SELECT p_program, p_attempt, r.scout_id, r.creator_id, r.amount::numeric, p_paid_by
  FROM unnest(p_scouts, p_creators, p_amounts) AS r (scout_id, creator_id, amount);
END $$;

-- A date's period as a number; consecutive periods have consecutive numbers. p_kind is month, week or day.
CREATE FUNCTION period_number(p_kind text, p_date date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_kind
    WHEN 'month' THEN (12 * extract(year FROM p_date) + extract(month FROM p_date))::integer
    WHEN 'week' THEN (date_trunc('week', p_date::timestamp)::date - '1970-01-05'::date) / 7
    ELSE p_date - '1970-01-01'::date END;
$$;

-- Refuses commissions that do not follow from what is allocated, the registry and the policy.
CREATE FUNCTION assert_commissions(p_close close, p_attempt bigint) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off AS $$
DECLARE
  terms record;
  wrong text;
BEGIN
  SELECT (v.policy::jsonb #>> '{scouts,share}')::numeric AS share,
         (v.policy::jsonb #>> '{scouts,periods}')::integer AS periods,
         v.policy::jsonb #>> '{scouts,paidBy}' AS paid_by, g.digits, g.period_kind,
         (dates_of(p_close.program_id, p_close.period)).first_date AS first_date
  INTO STRICT terms FROM policy_version v JOIN program g USING (program_id)
  WHERE v.program_id = p_close.program_id AND v.version = p_close.policy_version;
  SELECT min(creator_id) INTO wrong FROM (
    SELECT scout_id, creator_id, amount, paid_by FROM commission
    WHERE program_id = p_close.program_id AND attempt_id = p_attempt
  ) AS s FULL JOIN (
    SELECT r.scout_id, r.creator_id, trunc(a.amount * terms.share, terms.digits) AS due
    FROM creators_at(p_close.program_id, p_close.creators_version) r
    JOIN allocated_to(p_close.program_id, p_attempt) a ON a.creator_id = r.creator_id
    WHERE r.scout_id IS NOT NULL AND trunc(a.amount * terms.share, terms.digits) > 0
      AND period_number(terms.period_kind, terms.first_date) - period_number(terms.period_kind, r.scouted_on)
          BETWEEN 0 AND terms.periods - 1
  ) AS d USING (scout_id, creator_id)
  WHERE (s.amount, s.paid_by) IS DISTINCT FROM (d.due, terms.paid_by);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'commit_close: the commission for % at % is not what the policy gives', wrong, p_close.period;
  END IF;
END $$;

-- Writes the lines of a close's entry that come after those of the pool: commissions, by scout and creator. p_lines are
-- written already.
CREATE FUNCTION write_beyond(
  p_close close, p_attempt bigint, p_entry bigint, p_lines integer
) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off AS $$
DECLARE
  program_digits smallint;
BEGIN
  SELECT digits INTO STRICT program_digits FROM program WHERE program_id = p_close.program_id;
  INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_close.program_id, p_entry, p_lines + row_number() OVER (ORDER BY l.step, l.first_id, l.second_id, l.place),
         l.creator_id, l.account, round(l.amount, program_digits)
  FROM (
    SELECT 3 AS step, m.scout_id AS first_id, m.creator_id AS second_id, s.place, s.creator_id, s.account, s.amount
    FROM commission m
    CROSS JOIN LATERAL (VALUES
      (1, CASE WHEN m.paid_by = 'creator' THEN m.creator_id ELSE '' END,
       CASE WHEN m.paid_by = 'creator' THEN payable_account(m.creator_id) ELSE 'platform:rewards-expense' END,
       m.amount),
      (2, m.scout_id, payable_account(m.scout_id), -m.amount)) AS s (place, creator_id, account, amount)
    WHERE m.program_id = p_close.program_id AND m.attempt_id = p_attempt
  ) AS l;
END $$;
