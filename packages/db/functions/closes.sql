-- Beginning a close, making it good, and taking it back.

-- What a close of the period would use now. One place for begin_close and for dry runs. Periods are compared by their
-- labels, whose byte order is that of time: a day that a zone skipped starts when the next one does.
CREATE FUNCTION close_inputs(p_program integer, p_period text)
RETURNS TABLE (close_no integer, policy_version integer, creators_version integer,
               revenue_entries numeric, revenue_carried_in numeric, rolled_over numeric)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(last_close.close_no, 0) + 1,
         policy_at(p_program, p_period),
         h.creators_version,
         (SELECT sum(r.amount) FROM revenue r WHERE r.program_id = p_program AND r.period = p_period),
         coalesce(last_close.revenue_carried_out, 0),
         -balance_of(p_program, 'pool:rollover')
  FROM program_head h
  LEFT JOIN LATERAL (
    SELECT * FROM close c WHERE c.program_id = p_program ORDER BY c.close_no DESC LIMIT 1
  ) AS last_close ON true
  WHERE h.program_id = p_program;
$$;

-- Begins a close: fixes the events (the sealed batches that no close has seen), revenue, policy and creators it uses.
-- Begun already: returns what was fixed. p_previous is the label of the period before.
CREATE FUNCTION begin_close(
  p_program integer, p_period text, p_starts_at bigint, p_ends_at bigint, p_previous text, p_key_hash text
) RETURNS SETOF close
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor    text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate', p_program) END;
  close_row  close;
  last_close close;
  inputs     record;
  earlier    text;
BEGIN
  PERFORM assert_begins((dates_of(p_program, p_period)).first_date, p_starts_at),
          assert_begins((dates_of(p_program, p_period)).last_date + 1, p_ends_at);
  -- With what is pending of the close before: its holdback looks at payables as they were after that close.
  PERFORM lock_books(p_program);
  SELECT * INTO close_row FROM close WHERE program_id = p_program AND close.period = p_period;
  IF close_row.status = 'closing' THEN
    RETURN NEXT close_row;
    RETURN;
  ELSIF close_row.status = 'closed' THEN
    PERFORM refuse('period-closed', format('Period %s is closed already; a closed period never changes.', p_period));
  END IF;
  IF p_ends_at > extract(epoch FROM clock_timestamp()) * 1000 THEN
    PERFORM refuse('period-not-over', format(
      'Period %s is not over yet; use a dry run to see its result so far.', p_period));
  END IF;

  SELECT * INTO last_close FROM close WHERE program_id = p_program ORDER BY close_no DESC LIMIT 1;
  IF last_close.status = 'closing' THEN
    PERFORM refuse('close-under-way', format('Period %s is being closed; wait until it is closed.', last_close.period));
  ELSIF last_close.period <> p_previous OR NOT follows(p_program, last_close.period, p_period) THEN
    PERFORM refuse('close-out-of-order', format(
      'Periods close in order and without gaps: the last closed one is %s.', last_close.period));
  ELSIF last_close.ends_at <> p_starts_at THEN
    -- What lies between would never be judged, or twice.
    PERFORM refuse('close-out-of-order', format(
      'Period %s ended at another instant (%s) than %s begins (%s, epoch milliseconds): the rules of the time zone '
      'have changed since.',
      last_close.period, last_close.ends_at, p_period, p_starts_at));
  ELSIF last_close.period IS NULL THEN
    SELECT r.period INTO earlier FROM revenue r
    WHERE r.program_id = p_program AND r.period < p_period ORDER BY r.period LIMIT 1;
    IF earlier IS NOT NULL THEN
      PERFORM refuse('close-out-of-order', format(
        'Periods close in order: revenue is booked for %s, which comes first.', earlier));
    END IF;
  END IF;

  SELECT * INTO STRICT inputs FROM close_inputs(p_program, p_period);
  IF inputs.revenue_entries IS NULL THEN
    PERFORM refuse('no-revenue', format('No revenue is booked for %s; book it first, if only 0.', p_period));
  END IF;
  IF inputs.policy_version IS NULL THEN
    PERFORM refuse('no-policy', format('No policy is valid for %s; apply one that is.', p_period));
  END IF;

  p_actor := doer(p_actor, assert_approved(p_program, 'close', 'close', 'close:' || p_period,
                                           jsonb_build_object('period', p_period)));

  INSERT INTO close (program_id, period, close_no, starts_at, ends_at, status, begun_by, policy_version,
                     creators_version,
                      revenue_entries, revenue_carried_in, rolled_over)
  VALUES (p_program, p_period, inputs.close_no, p_starts_at, p_ends_at, 'closing', p_actor, inputs.policy_version,
          inputs.creators_version, inputs.revenue_entries, inputs.revenue_carried_in, inputs.rolled_over)
  RETURNING * INTO close_row;
  -- Locked in the order in which tally_batches locks them: in that of the disk the two would deadlock.
  WITH unseen AS MATERIALIZED (
    SELECT batch_id FROM ingest_batch
    WHERE program_id = p_program AND seen_close IS NULL AND sealed_at IS NOT NULL
    ORDER BY batch_id FOR UPDATE
  )
  UPDATE ingest_batch b SET seen_close = close_row.close_no FROM unseen u WHERE b.batch_id = u.batch_id;
  RETURN NEXT close_row;
END $$;

-- Writes the lines of a close's entry: rewards-expense → pool (funded, also where it is zero), rollover → pool, pool →
-- each creator's payable, by creator, what the attempt allocated, and pool → rollover or rewards-expense
-- (undistributed); then what is given besides the pool (write_beyond). Steps of zero are left out.
CREATE FUNCTION write_close(
  p_close close, p_attempt bigint, p_entry bigint, p_funded numeric, p_allocated numeric, p_undistributed numeric,
  p_keeps boolean
) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
  pool           text := 'pool:' || p_close.period;
  program_digits smallint;
  lines          integer;
BEGIN
  SELECT digits INTO STRICT program_digits FROM program WHERE program_id = p_close.program_id;
  INSERT INTO posting_line (program_id, entry_id, line, account, amount)
  SELECT p_close.program_id, p_entry, row_number() OVER (ORDER BY l.place), l.account, round(l.amount, program_digits)
  FROM (VALUES (1, 'platform:rewards-expense', p_funded), (2, pool, -p_funded),
        (3, 'pool:rollover', p_close.rolled_over),
               (4, pool, -p_close.rolled_over), (5, pool, p_allocated)) AS l (place, account, amount)
  WHERE l.place < 3 OR l.amount <> 0;
  GET DIAGNOSTICS lines = ROW_COUNT;

  INSERT INTO posting_sheet (program_id, entry_id, first_creator, first_line, creator_ids, amounts)
  SELECT p_close.program_id, p_entry, min(a.creator_id), lines + min(a.place), array_agg(a.creator_id ORDER BY a.place),
         array_agg(round(-a.amount, program_digits) ORDER BY a.place)
  FROM (
    SELECT creator_id, amount, row_number() OVER (ORDER BY creator_id)::integer AS place FROM allocation
    WHERE program_id = p_close.program_id AND attempt_id = p_attempt AND amount <> 0
  ) AS a GROUP BY (a.place - 1) / sheet_lines();
  lines := lines + (SELECT coalesce(sum(cardinality(creator_ids)), 0) FROM posting_sheet
                    WHERE program_id = p_close.program_id AND entry_id = p_entry);

  IF p_undistributed <> 0 THEN
    INSERT INTO posting_line (program_id, entry_id, line, account, amount)
    VALUES (p_close.program_id, p_entry, lines + 1, pool, round(p_undistributed, program_digits)),
           (p_close.program_id, p_entry, lines + 2,
            CASE WHEN p_keeps THEN 'pool:rollover' ELSE 'platform:rewards-expense' END,
            round(-p_undistributed, program_digits));
    lines := lines + 2;
  END IF;
  PERFORM write_beyond(p_close, p_attempt, p_entry, lines);
END $$;

-- Commits a close: its entry, made of what is allocated, and the period's outcome, in one call. Committed already:
-- returns created = false.
CREATE FUNCTION commit_close(
  p_program integer, p_period text, p_attempt bigint, p_allocations integer, p_effective date, p_details jsonb,
  p_funded text, p_pool text, p_allocated text, p_undistributed text, p_revenue_carried_out text,
  p_policy_hash text, p_creators_hash text, p_result_hash text, p_excluded text, p_metrics text
) RETURNS TABLE (result_hash text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  close_row    close;
  close_key    text := 'close:' || p_period;
  revenue      numeric;
  terms        record;
  staged       record;
  new_entry_id bigint;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO STRICT close_row FROM close c WHERE c.program_id = p_program AND c.period = p_period;
  IF close_row.status = 'closed' THEN
    RETURN QUERY SELECT close_row.result_hash, false;
    RETURN;
  END IF;

  DELETE FROM close_attempt f WHERE f.attempt_id = p_attempt AND f.program_id = p_program
    AND f.close_no = close_row.close_no
     AND (SELECT count(*) FROM attempt_part t WHERE t.attempt_id = p_attempt) = f.parts;
  IF NOT FOUND THEN
    PERFORM refuse('attempt-not-open', 'This attempt of the close was swept or lost its register; begin another one.');
  END IF;
  SELECT count(*) AS rows, coalesce(sum(amount), 0) AS amount, coalesce(max(min_scale(amount)), 0) AS decimals,
         coalesce(bool_or(amount <> 0 AND (weight <= 0 OR points <= 0 OR void)), false) AS unearned
  INTO STRICT staged
  FROM allocation a WHERE a.program_id = p_program AND a.attempt_id = p_attempt;
  IF staged.rows <> p_allocations OR staged.amount <> p_allocated::numeric
    OR staged.decimals > (SELECT digits FROM program g WHERE g.program_id = p_program) THEN
    RAISE EXCEPTION 'commit_close: % allocations of % with up to % decimals are staged for %, % of % expected',
      staged.rows, staged.amount, staged.decimals, p_period, p_allocations, p_allocated;
  END IF;
  SELECT (v.policy::jsonb ->> 'revenueShare')::numeric AS share,
         v.policy::jsonb ->> 'undistributed' = 'rollover' AS keeps, v.policy_hash, g.digits
  INTO STRICT terms FROM policy_version v JOIN program g USING (program_id)
  WHERE v.program_id = p_program AND v.version = close_row.policy_version;
  revenue := close_row.revenue_entries + close_row.revenue_carried_in;
  IF p_funded::numeric <> trunc(greatest(revenue, 0) * terms.share, terms.digits)
    OR p_revenue_carried_out::numeric <> least(revenue, 0) THEN
    RAISE EXCEPTION 'commit_close: revenue of % for % does not fund % and carry out %',
      revenue, p_period, p_funded, p_revenue_carried_out;
  END IF;
  IF p_pool::numeric <> p_funded::numeric + close_row.rolled_over
    OR p_pool::numeric <> p_allocated::numeric + p_undistributed::numeric
     OR (p_undistributed::numeric >= 0) IS NOT TRUE THEN
    RAISE EXCEPTION 'commit_close: the pool of % does not add up', p_period;
  END IF;
  IF staged.unearned THEN
    RAISE EXCEPTION 'commit_close: % gives money to a creator without weight or points, or whose points are void',
      p_period;
  END IF;
  PERFORM assert_commissions(close_row, p_attempt);
  -- What is published in the hash chain is what the period says of itself, and of its payout tree.
  IF p_details - ARRAY['proofRoot', 'proofTotal', 'proofLeaves'] <> jsonb_build_object(
       'period', p_period, 'policyHash', terms.policy_hash, 'policyVersion', close_row.policy_version::text,
       'resultHash', p_result_hash)
     OR p_policy_hash <> terms.policy_hash OR p_result_hash !~ '^[0-9a-f]{64}$' OR p_creators_hash !~ '^[0-9a-f]{64}$'
     OR (p_details ?| ARRAY['proofRoot', 'proofTotal', 'proofLeaves']
         AND (p_details ->> 'proofRoot' ~ '^[0-9a-f]{64}$' AND p_details ->> 'proofLeaves' ~ '^[0-9]+$'
         AND (p_details ->> 'proofTotal')::numeric = staged.amount
           + (SELECT coalesce(sum(b.amount), 0) FROM given_by_parts(p_program, p_attempt) b)) IS NOT TRUE) THEN
    RAISE EXCEPTION 'commit_close: the details of the entry of % are not those of its close', p_period;
  END IF;
  IF (p_effective = (dates_of(p_program, p_period)).last_date AND jsonb_typeof(p_excluded::jsonb) = 'array'
      AND jsonb_typeof(p_metrics::jsonb) = 'object') IS NOT TRUE THEN
    RAISE EXCEPTION 'commit_close: % does not take effect on %, or says nothing of what it excluded and measured',
      p_period, p_effective;
  END IF;

  new_entry_id := begin_entry();
  PERFORM write_close(close_row, p_attempt, new_entry_id, p_funded::numeric, p_allocated::numeric,
                      p_undistributed::numeric, terms.keeps);
  PERFORM post_entry(p_program, new_entry_id, close_key, 'close', p_effective, p_details, NULL);
  UPDATE close c SET status = 'closed', closed_at = clock_timestamp(), attempt_id = p_attempt, entry_key = close_key,
    funded = p_funded::numeric, pool = p_pool::numeric, allocated = p_allocated::numeric,
    undistributed = p_undistributed::numeric,
    revenue_carried_out = p_revenue_carried_out::numeric, policy_hash = p_policy_hash, creators_hash = p_creators_hash,
    result_hash = p_result_hash, excluded = p_excluded, metrics = p_metrics, failure = NULL, failures = 0,
    retry_at = NULL
  WHERE c.program_id = p_program AND c.period = p_period;
  RETURN QUERY SELECT p_result_hash, true;
END $$;

-- Notes why an attempt of a close failed, for people to read; it is tried again. What does not pass by itself
-- (p_is_lasting) is tried again after pauses that grow to a minute: a large close that fails at its end would keep a
-- processor busy for ever.
CREATE FUNCTION note_failure(p_program integer, p_period text, p_failure text, p_is_lasting boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE close SET failure = p_failure, failures = failures + p_is_lasting::integer,
    retry_at = CASE WHEN p_is_lasting
      THEN clock_timestamp() + least(interval '1 second' * 2 ^ least(failures, 6), interval '1 minute') END
  WHERE program_id = p_program AND period = p_period AND status = 'closing';
$$;

-- Takes back a close that was begun and whose attempts fail, so that what is wrong can be put right: the period is open
-- again. Nothing is lost: the events that it had fixed are seen by the next close, and what attempts wrote never
-- counted. Open already: false.
CREATE FUNCTION cancel_close(p_program integer, p_period text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  close_row close;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO close_row FROM close WHERE program_id = p_program AND close.period = p_period;
  IF close_row.period IS NULL THEN
    RETURN false;
  ELSIF close_row.status = 'closed' THEN
    PERFORM refuse('period-closed', format('Period %s is closed; a closed period never changes.', p_period));
  ELSIF close_row.failure IS NULL THEN
    PERFORM refuse('close-not-failing', format(
      'The close of %s is under way and has not failed; wait until it is closed.', p_period));
  END IF;
  -- An attempt that is still under way has nothing left to write to, nor to commit.
  PERFORM remove_attempt(f.program_id, f.attempt_id) FROM close_attempt f
  WHERE f.program_id = p_program AND f.close_no = close_row.close_no;
  -- Locked in the order of begin_close.
  WITH seen AS MATERIALIZED (
    SELECT batch_id FROM ingest_batch WHERE program_id = p_program AND seen_close = close_row.close_no
    ORDER BY batch_id FOR UPDATE
  )
  UPDATE ingest_batch b SET seen_close = NULL FROM seen s WHERE b.batch_id = s.batch_id;
  DELETE FROM close WHERE program_id = p_program AND close.period = p_period;
  RETURN true;
END $$;
