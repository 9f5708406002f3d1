-- What becomes of an approved run: settlement, returned payouts, and the tax that was withheld.

-- The bank paid the run: clearing → cash for what was not returned before. False where it is settled already, under the
-- same reference of the bank's or with none given.
CREATE FUNCTION settle_run(
  p_program integer, p_run text, p_reference text, p_effective date, p_key_hash text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor      text := actor_of(p_key_hash, 'operate', p_program);
  run_row      payout_run;
  settled_as   text;
  paid         numeric;
  settling_key text := 'payout-settled:' || p_run;
BEGIN
  PERFORM lock_books(p_program);
  run_row := find_run(p_program, p_run);
  IF run_row.status = 'settled' THEN
    SELECT d.note INTO settled_as FROM payout_decision d
    WHERE d.program_id = p_program AND d.run_no = run_row.run_no AND d.decision = 'settle';
    IF p_reference IS NOT NULL AND p_reference IS DISTINCT FROM settled_as THEN
      PERFORM refuse('reference-conflict', format(
        'Run %s is already settled, %s; leave the reference out to see it.',
        p_run, coalesce('under the reference ' || settled_as, 'without a reference')));
    END IF;
    RETURN false;
  ELSIF run_row.status <> 'exported' THEN
    PERFORM refuse('run-not-exported', format('Run %s is %s; only an exported run is settled.', p_run, run_row.status));
  END IF;
  paid := run_row.net - (SELECT coalesce(sum(b.net), 0) FROM payout_return b
                         WHERE b.program_id = p_program AND b.run_no = run_row.run_no);
  IF paid <> 0 THEN
    PERFORM post_lines(p_program, settling_key, 'settlement', p_effective,
      jsonb_build_object('run', p_run, 'reference', p_reference, 'by', p_actor), NULL,
      ARRAY['', ''], ARRAY['payouts:clearing', 'platform:cash'], ARRAY[paid, -paid]);
  END IF;
  UPDATE payout_run SET status = 'settled', settled = paid, settlement_key = CASE WHEN paid <> 0 THEN settling_key END
  WHERE program_id = p_program AND run_no = run_row.run_no;
  PERFORM log_decision(run_row, 'settle', p_actor, p_reference);
  RETURN true;
END $$;

-- Tax that was withheld, per run and country, and is neither returned nor remitted.
CREATE FUNCTION tax_due(p_program integer) RETURNS TABLE (run_no integer, country text, amount numeric)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT t.run_no, t.country, t.amount FROM (
    SELECT p.run_no, p.tax_country AS country, sum(p.withheld - coalesce(b.tax_back, 0)) AS amount
    FROM payout_run r
    JOIN payout p ON p.program_id = r.program_id AND p.run_no = r.run_no AND p.status = 'due' AND p.withheld <> 0
    LEFT JOIN payout_return b ON b.program_id = p.program_id AND b.run_no = p.run_no AND b.creator_id = p.creator_id
    WHERE r.program_id = p_program AND r.entry_key IS NOT NULL
    GROUP BY p.run_no, p.tax_country
  ) AS t
  WHERE t.amount <> 0 AND NOT EXISTS (
    SELECT 1 FROM tax_remittance m WHERE m.program_id = p_program AND m.run_no = t.run_no AND m.country = t.country
      AND NOT is_reversed(p_program, m.entry_key));
$$;

-- What came back to creators net of a tax that had been remitted, and no approved run has paid since: it is not taxed
-- again.
CREATE FUNCTION taxed_before(p_program integer) RETURNS TABLE (creator_id text, amount numeric)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT b.creator_id, b.taxed - coalesce((
    SELECT sum(p.taxed_before) FROM payout p JOIN payout_run r USING (program_id, run_no)
    WHERE p.program_id = p_program AND p.creator_id = b.creator_id AND p.status = 'due' AND r.entry_key IS NOT NULL
  ), 0)
  FROM (
    SELECT x.creator_id, sum(x.taxed) AS taxed FROM payout_return x
    WHERE x.program_id = p_program GROUP BY x.creator_id HAVING sum(x.taxed) > 0
  ) AS b;
$$;

-- A payout came back: the whole of it goes back to the creator, the tax too unless it is remitted, and the creator is
-- on hold: it is never paid again by itself. False where it is returned already.
CREATE FUNCTION return_payout(
  p_program integer, p_run text, p_creator text, p_reason text, p_effective date, p_key_hash text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor     text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate', p_program) END;
  run_row     payout_run;
  payout_row  payout;
  is_remitted boolean;
  tax_back    numeric;
  return_key  text;
  request     approval_request;
BEGIN
  PERFORM lock_books(p_program);
  run_row := find_run(p_program, p_run);
  SELECT * INTO payout_row FROM payout p WHERE p.program_id = p_program AND p.run_no = run_row.run_no
    AND p.creator_id = p_creator AND p.status = 'due';
  IF payout_row.creator_id IS NULL THEN
    PERFORM refuse('payout-unknown', format('Run %s pays nothing to creator %s.', p_run, p_creator));
  ELSIF EXISTS (
    SELECT 1 FROM payout_return b
    WHERE b.program_id = p_program AND b.run_no = run_row.run_no AND b.creator_id = p_creator
  ) THEN
    RETURN false;
  ELSIF run_row.entry_key IS NULL THEN
    PERFORM refuse('run-not-approved', format('Run %s is %s; nothing of it was paid.', p_run, run_row.status));
  END IF;
  return_key := format('payout-returned:%s-%s', p_run, payout_row.payout_number);
  request := assert_approved(p_program, 'returns', 'return', format('payout-return:%s:%s', p_run, p_creator),
    jsonb_build_object('run', p_run, 'creatorId', p_creator, 'reason', p_reason), return_key);
  p_actor := doer(p_actor, request);
  is_remitted := payout_row.withheld <> 0 AND EXISTS (
    SELECT 1 FROM tax_remittance m WHERE m.program_id = p_program AND m.run_no = run_row.run_no
      AND m.country = payout_row.tax_country
      AND NOT is_reversed(p_program, m.entry_key));
  tax_back := CASE WHEN is_remitted THEN 0 ELSE payout_row.withheld END;
  PERFORM post_lines(p_program, return_key, 'payout-return', p_effective,
    jsonb_build_object('run', p_run, 'payout', p_run || '-' || payout_row.payout_number, 'creator', p_creator,
      'reason', p_reason, 'by', p_actor, 'approvedBy', request.decided_by),
    NULL, ARRAY['', '', p_creator],
    ARRAY[CASE WHEN run_row.status = 'settled' THEN 'platform:cash' ELSE 'payouts:clearing' END,
          'tax:' || payout_row.tax_country, payable_account(p_creator)],
    ARRAY[payout_row.net, tax_back, -(payout_row.net + tax_back)]);
  -- All of it where its tax was remitted; else what it paid of an earlier one that was.
  INSERT INTO payout_return (program_id, creator_id, run_no, entry_key, after_settling, net, tax_back, taxed, reason,
                             actor)
  VALUES (p_program, p_creator, run_row.run_no, return_key, run_row.status = 'settled', payout_row.net, tax_back,
          CASE WHEN is_remitted THEN payout_row.net ELSE payout_row.taxed_before END, p_reason, p_actor);
  INSERT INTO creator_hold (program_id, creator_id, action, reason, note, actor)
  SELECT p_program, p_creator, 'placed', 'returned',
         format('Payout %s-%s came back: %s', p_run, payout_row.payout_number, p_reason), p_actor
  WHERE NOT EXISTS (SELECT 1 FROM holds_in_force(p_program) h WHERE h.creator_id = p_creator AND h.reason = 'returned');
  PERFORM log_decision(run_row, 'return', p_actor,
                       format('%s-%s %s: %s', p_run, payout_row.payout_number, p_creator, p_reason));
  RETURN true;
END $$;

-- Tax → cash: what is due of a country, of one run or of all. The reference makes it idempotent.
CREATE FUNCTION remit_tax(
  p_program integer, p_country text, p_run text, p_reference text, p_effective date, p_key_hash text
) RETURNS TABLE (entry_key text, amount numeric, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor        text := actor_of(p_key_hash, 'operate', p_program);
  remittance_key text := 'tax-remitted:' || p_reference;
  entry_found    journal_entry;
  only_run_no    integer;
  total          numeric;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO entry_found FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = remittance_key;
  IF entry_found.seq IS NOT NULL THEN
    PERFORM assert_not_reversed(p_program, remittance_key);
    IF (entry_found.details::jsonb ->> 'country', entry_found.details::jsonb ->> 'run')
      IS DISTINCT FROM (p_country, p_run) THEN
      PERFORM refuse('reference-conflict', format(
        'Reference %s is another remittance; use another reference.', p_reference));
    END IF;
    RETURN QUERY SELECT remittance_key, sum(m.amount), false FROM tax_remittance m
    WHERE m.program_id = p_program AND m.reference = p_reference;
    RETURN;
  END IF;
  IF p_run IS NOT NULL THEN
    only_run_no := (find_run(p_program, p_run)).run_no;
  END IF;
  INSERT INTO tax_remittance (program_id, reference, run_no, country, amount, entry_key)
  SELECT p_program, p_reference, d.run_no, d.country, d.amount, remittance_key FROM tax_due(p_program) d
  WHERE d.country = p_country AND (only_run_no IS NULL OR d.run_no = only_run_no);
  SELECT sum(m.amount) INTO total FROM tax_remittance m WHERE m.program_id = p_program AND m.reference = p_reference;
  IF total IS NULL THEN
    PERFORM refuse('nothing-to-remit', format('No tax of %s is due%s.', p_country, coalesce(' for run ' || p_run, '')));
  END IF;
  PERFORM post_lines(p_program, remittance_key, 'tax-remittance', p_effective,
    jsonb_build_object('country', p_country, 'run', p_run, 'reference', p_reference, 'by', p_actor), NULL,
    ARRAY['', ''], ARRAY['tax:' || p_country, 'platform:cash'], ARRAY[total, -total]);
  RETURN QUERY SELECT remittance_key, total, true;
END $$;
