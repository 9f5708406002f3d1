-- Programs and their policies.

-- Every decimal of a policy is within its bounds (packages/contracts/src/values/decimal.ts): with a larger one its
-- closes could not be computed, and would stay begun for ever.
CREATE FUNCTION assert_policy_limits(p_policy jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  excess text;
BEGIN
  SELECT format('%s at %s', v #>> '{}', d.place) INTO excess FROM (VALUES
    ('$.revenueShare', 12), ('$.weights.*', 12), ('$.allocation.maxShare', 12), ('$.allocation.lambda', 12),
    ('$.eligibility.minPoints', 12),
    ('$.boosts[*].multiplier', 12), ('$.boosts[*].when.minGrowth', 12), ('$.payout.holdback.share', 12),
    ('$.payout.withholding.*', 12),
    ('$.payout.minimum', 30), ('$.payout.roundTo', 30)
  ) AS d (place, digits) CROSS JOIN LATERAL jsonb_path_query(p_policy, d.place::jsonpath) AS v
  WHERE v #>> '{}' !~ format('^[0-9]{1,%s}([.][0-9]{1,18})?$', d.digits) LIMIT 1;
  IF excess IS NOT NULL THEN
    PERFORM refuse('bad-policy', format(
      'The policy has %s, which is larger or finer than a close can compute with.', left(excess, 100)));
  END IF;
END $$;

-- The version that holds for a period: each from its first period to that of the next; of two from the same one, the
-- later. '' asks for the beginning.
CREATE FUNCTION policy_at(p_program integer, p_period text) RETURNS integer
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT v.version FROM policy_version v
  WHERE v.program_id = p_program AND (v.valid_from IS NULL OR v.valid_from <= p_period COLLATE "C")
  ORDER BY v.valid_from DESC NULLS LAST, v.version DESC LIMIT 1;
$$;

-- Applies a policy: creates the program with version 1, or adds a version, which holds from its first period to that of
-- the next one. What holds from that very period already is not added again. A policy that lists less under `approvals`
-- than the one in whose place it comes needs a second person, whatever else does.
CREATE FUNCTION apply_policy(
  p_slug text, p_currency text, p_digits smallint, p_time_zone text, p_period_kind text,
  p_policy text, p_policy_hash text, p_valid_from text, p_valid_from_ms bigint, p_key_hash text
) RETURNS TABLE (program_id integer, version integer, valid_from text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor      text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate', p_slug) END;
  program_row  program;
  same_start   policy_version;
  replaced     policy_version;
  last_close   close;
  next_version integer;
  payload      text;
BEGIN
  IF p_policy_hash <> encode(sha256(convert_to(p_policy, 'UTF8')), 'hex')
     OR (p_policy::jsonb ->> 'program', p_policy::jsonb ->> 'currency', p_policy::jsonb ->> 'timeZone',
         p_policy::jsonb ->> 'period')
        IS DISTINCT FROM (p_slug, p_currency, p_time_zone, p_period_kind)
     OR (p_digits BETWEEN 0 AND 4) IS NOT TRUE THEN
    RAISE EXCEPTION 'apply_policy: the policy of % is not what its hash, or what is said of it, says', p_slug;
  END IF;
  PERFORM assert_policy_limits(p_policy::jsonb);
  INSERT INTO program (slug, currency, digits, time_zone, period_kind)
  VALUES (p_slug, p_currency, p_digits, p_time_zone, p_period_kind) ON CONFLICT (slug) DO NOTHING;
  SELECT * INTO STRICT program_row FROM program p WHERE p.slug = p_slug;
  INSERT INTO program_head (program_id) VALUES (program_row.program_id) ON CONFLICT DO NOTHING;
  PERFORM 1 FROM program_head h WHERE h.program_id = program_row.program_id FOR UPDATE;

  IF p_valid_from IS NOT NULL THEN
    PERFORM assert_begins((dates_of(program_row.program_id, p_valid_from)).first_date, p_valid_from_ms);
  END IF;
  IF (program_row.currency, program_row.digits, program_row.time_zone, program_row.period_kind)
    IS DISTINCT FROM (p_currency, p_digits, p_time_zone, p_period_kind) THEN
    PERFORM refuse('program-fixed', format(
      'Program %s has currency %s, time zone %s and period %s, which never change; '
      'apply this policy under another program.',
      p_slug, program_row.currency, program_row.time_zone, program_row.period_kind));
  END IF;

  SELECT * INTO same_start FROM policy_version v
  WHERE v.program_id = program_row.program_id AND v.valid_from IS NOT DISTINCT FROM p_valid_from
  ORDER BY v.version DESC LIMIT 1;
  IF same_start.policy_hash = p_policy_hash THEN
    RETURN QUERY SELECT program_row.program_id, same_start.version, same_start.valid_from, false;
    RETURN;
  END IF;

  SELECT * INTO last_close FROM close c WHERE c.program_id = program_row.program_id ORDER BY c.close_no DESC LIMIT 1;
  IF last_close.period IS NOT NULL THEN
    IF p_valid_from IS NULL OR p_valid_from <= last_close.period COLLATE "C" THEN
      PERFORM refuse('policy-too-early', format(
        'Period %s is %s; a policy can only be valid from a later period.', last_close.period, last_close.status));
    END IF;
  END IF;

  SELECT coalesce(max(v.version), 0) + 1 INTO next_version FROM policy_version v
  WHERE v.program_id = program_row.program_id;
  SELECT * INTO replaced FROM policy_version v
  WHERE v.program_id = program_row.program_id
    AND v.version = policy_at(program_row.program_id, coalesce(p_valid_from, ''));
  payload := format('{"from":%s,"policy":%s,"policyHash":%s}',
                    coalesce(to_json(p_valid_from)::text, 'null'), p_policy, to_json(p_policy_hash));
  p_actor := doer(p_actor, use_approval(
    program_row.program_id, 'policy', 'policy:' || encode(sha256(convert_to(payload, 'UTF8')), 'hex'), payload,
    needs_approval(program_row.program_id, 'policy')
      OR NOT coalesce(p_policy::jsonb -> 'approvals' @> (replaced.policy::jsonb -> 'approvals'), true),
    'policy version ' || next_version));

  INSERT INTO policy_version (program_id, version, valid_from, valid_from_ms, policy, policy_hash, created_by)
  VALUES (program_row.program_id, next_version, p_valid_from, p_valid_from_ms, p_policy, p_policy_hash, p_actor);
  RETURN QUERY SELECT program_row.program_id, next_version, p_valid_from, true;
END $$;
