-- Payout runs, from the draft to the bank. Entries are built and hashed in SQL, so that drafting, approving and the
-- rest are one call each; `rewardbook verify` derives the same entries again in TypeScript.

CREATE FUNCTION find_run(p_program integer, p_run text) RETURNS payout_run
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  run_found payout_run;
BEGIN
  SELECT * INTO run_found FROM payout_run r WHERE r.program_id = p_program AND r.run_id = p_run;
  IF run_found.run_no IS NULL THEN
    PERFORM refuse('run-unknown', format('There is no payout run %s.', p_run));
  END IF;
  RETURN run_found;
END $$;

CREATE FUNCTION log_decision(p_run payout_run, p_decision text, p_actor text, p_note text) RETURNS void
LANGUAGE sql SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO payout_decision (program_id, run_no, decision, actor, content_hash, note)
  VALUES (p_run.program_id, p_run.run_no, p_decision, p_actor, p_run.content_hash, p_note);
$$;

-- A payout as a line of what is hashed: canonical JSON of an array of texts and nulls, which takes half of the time of
-- one put together piece by piece. Amounts are stored with the currency's digits.
CREATE FUNCTION payout_line(p payout) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT array_to_json(ARRAY[p.creator_id, p.status, p.reason, p.payout_number::text, p.available::text, p.gross::text,
                             p.withheld::text, p.net::text, p.tax_country, p.payee, p.account])::text || E'\n';
$$;

-- The rows of a run as they go into its hash: a line with a SHA-256 for each thousand of them, by creator, so that no
-- text of all is made.
CREATE FUNCTION run_rows(p_program integer, p_run_no integer) RETURNS text
-- a look into the index for each thousand
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp SET enable_nestloop = on AS $$
  WITH piece AS (
    SELECT min(creator_id) AS first_one, max(creator_id) AS last_one FROM (
      SELECT creator_id, row_number() OVER (ORDER BY creator_id) AS place FROM payout
      WHERE program_id = p_program AND run_no = p_run_no
    ) AS numbered GROUP BY (place - 1) / 1000
  )
  SELECT coalesce(string_agg(hashed.hash || E'\n', '' ORDER BY first_one), '') FROM piece CROSS JOIN LATERAL (
    SELECT encode(sha256(convert_to(string_agg(payout_line(p), '' ORDER BY p.creator_id), 'UTF8')), 'hex') AS hash
    FROM payout p
    WHERE p.program_id = p_program AND p.run_no = p_run_no AND p.creator_id BETWEEN first_one AND last_one
  ) AS hashed;
$$;

-- SHA-256 of a run: a line with its header as canonical JSON, then those of its rows.
CREATE FUNCTION run_hash(p_header text, p_rows text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(p_header || E'\n' || p_rows, 'UTF8')), 'hex');
$$;

CREATE FUNCTION run_header(p_program integer, p_run text, p_period text, p_policy integer) RETURNS text
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT '{"currency":' || to_json(currency)::text || ',"period":' || to_json(p_period)::text
      || ',"policyVersion":' || p_policy || ',"program":' || to_json(slug)::text
      || ',"runId":' || to_json(p_run)::text || '}'
  FROM program WHERE program_id = p_program;
$$;

-- The hash of a run, from what is stored now.
CREATE FUNCTION stored_run_hash(p_run payout_run) RETURNS text
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT run_hash(run_header(p_run.program_id, p_run.run_id, p_run.period, p_run.policy_version),
                  run_rows(p_run.program_id, p_run.run_no));
$$;

-- No nested loops below: rows that were just written have no statistics, and the planner takes 100,000 creators for a
-- few. Drafts a run from the current balances: a row for each creator with one. Nothing is posted. The same draft again
-- by the same person returns the existing draft. The rule of a row is `payoutOf` in
-- packages/domain/src/payouts/payout.ts; services/ledger/src/payouts/payout-rule.test.ts compares both on random rows.
CREATE FUNCTION draft_run(p_program integer, p_key_hash text) RETURNS TABLE (run_id text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB'
SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
  p_actor     text := actor_of(p_key_hash, 'operate', p_program);
  program_row program;
  last_close  close;
  terms       jsonb;
  minimum     numeric;
  round_to    numeric;
  next_run_no integer;
  next_run_id text;
  hashed_rows text;
  totals      record;
  same_draft  payout_run;
  new_draft   payout_run;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO STRICT program_row FROM program g WHERE g.program_id = p_program;
  SELECT * INTO last_close FROM close c
  WHERE c.program_id = p_program AND c.status = 'closed' ORDER BY c.close_no DESC LIMIT 1;
  IF last_close.period IS NULL THEN
    PERFORM refuse('nothing-closed', 'No period is closed yet; there is nothing to pay.');
  END IF;
  SELECT v.policy::jsonb -> 'payout' INTO STRICT terms FROM policy_version v
  WHERE v.program_id = p_program AND v.version = last_close.policy_version;
  minimum := (terms ->> 'minimum')::numeric;
  round_to := (terms ->> 'roundTo')::numeric;
  SELECT coalesce(max(r.run_no), 0) + 1,
         last_close.period || '-' || (count(*) FILTER (WHERE r.period = last_close.period) + 1)
  INTO STRICT next_run_no, next_run_id FROM payout_run r WHERE r.program_id = p_program;

  INSERT INTO payout_run (program_id, run_no, run_id, period, status, policy_version, drafted_by, drafted_seq,
                          creators_version, content_hash, payout_count, waiting_count, gross, withheld, net)
  SELECT p_program, next_run_no, next_run_id, last_close.period, 'draft', last_close.policy_version, p_actor, h.seq,
         h.creators_version, '', 0, 0, 0, 0, 0
  FROM program_head h WHERE h.program_id = p_program;
  INSERT INTO payout (program_id, creator_id, run_no, payout_number, tax_country, payee, account, available, gross,
                      taxed_before, withheld, net, status, reason)
  SELECT p_program, t.creator_id, next_run_no,
         CASE WHEN t.reason IS NULL THEN row_number() OVER (PARTITION BY t.reason IS NULL ORDER BY t.creator_id) END,
         t.tax_country, t.payee, t.account, t.available, t.gross, t.taxed_before, t.withheld, t.gross - t.withheld,
         CASE WHEN t.reason IS NULL THEN 'due' ELSE 'waiting' END, t.reason
  FROM (
    SELECT g.*, round_half_even((g.gross - g.taxed_before) * g.rate, program_row.digits) AS withheld,
           CASE WHEN g.available <= 0 THEN 'not-above-zero'
                WHEN g.gross = 0 THEN 'below-minimum'
                WHEN g.payee IS NULL OR g.tax_country IS NULL THEN 'incomplete'
                WHEN o.creator_id IS NOT NULL THEN 'on-hold' END AS reason
    FROM (
      SELECT b.creator_id, c.tax_country, c.payee, c.account, b.available, b.gross,
             least(b.gross, coalesce(x.amount, 0)) AS taxed_before,
             coalesce(w.rate::numeric, 0) AS rate
      FROM (
        SELECT creator_id, round(amount, program_row.digits) AS available,
               CASE WHEN amount > 0 AND amount >= minimum
                    THEN round(amount - mod(amount, round_to), program_row.digits)
                    ELSE round(0, program_row.digits) END AS gross
        FROM payable_balance WHERE program_id = p_program AND amount <> 0
      ) AS b
      LEFT JOIN creators_at(p_program, (SELECT h.creators_version FROM program_head h WHERE h.program_id = p_program)) c
        ON c.creator_id = b.creator_id
      LEFT JOIN jsonb_each_text(terms -> 'withholding') AS w (country, rate) ON w.country = c.tax_country
      LEFT JOIN taxed_before(p_program) x ON x.creator_id = b.creator_id
      OFFSET 0  -- each of these once a row, not wherever it is used
    ) AS g
    LEFT JOIN (SELECT DISTINCT f.creator_id FROM holds_in_force(p_program) f) AS o ON o.creator_id = g.creator_id
  ) AS t;

  SELECT count(*) FILTER (WHERE p.status = 'due') AS due, count(*) FILTER (WHERE p.status = 'waiting') AS waiting,
         coalesce(sum(p.gross) FILTER (WHERE p.status = 'due'), 0) AS gross,
         coalesce(sum(p.withheld) FILTER (WHERE p.status = 'due'), 0) AS withheld
  INTO STRICT totals FROM payout p WHERE p.program_id = p_program AND p.run_no = next_run_no;
  hashed_rows := run_rows(p_program, next_run_no);

  -- The same draft by the same person already exists: nothing was posted since, and its content is the same.
  SELECT r.* INTO same_draft FROM payout_run r
  JOIN program_head h ON h.program_id = r.program_id AND h.seq = r.drafted_seq
  WHERE r.program_id = p_program AND r.status = 'draft' AND r.drafted_by = p_actor AND r.run_no < next_run_no
    AND r.content_hash = run_hash(run_header(p_program, r.run_id, r.period, r.policy_version), hashed_rows)
  ORDER BY r.run_no DESC LIMIT 1;
  IF same_draft.run_id IS NOT NULL THEN
    DELETE FROM payout p WHERE p.program_id = p_program AND p.run_no = next_run_no;
    DELETE FROM payout_run r WHERE r.program_id = p_program AND r.run_no = next_run_no;
    RETURN QUERY SELECT same_draft.run_id, false;
    RETURN;
  END IF;

  UPDATE payout_run r SET
    content_hash = run_hash(
      run_header(p_program, next_run_id, last_close.period, last_close.policy_version), hashed_rows),
    payout_count = totals.due, waiting_count = totals.waiting, gross = totals.gross, withheld = totals.withheld,
    net = totals.gross - totals.withheld
  WHERE r.program_id = p_program AND r.run_no = next_run_no RETURNING r.* INTO new_draft;
  PERFORM log_decision(new_draft, 'draft', p_actor, NULL);
  RETURN QUERY SELECT next_run_id, true;
END $$;

-- Approves a run: what was drafted is posted, whole, as one entry; or it is refused because something has changed
-- since.
CREATE FUNCTION approve_run(
  p_program integer, p_run text, p_content_hash text, p_effective date, p_key_hash text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB'
SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
  p_actor          text := actor_of(p_key_hash, 'approve', p_program);
  run_row          payout_run;
  touched_creators text[];
  fault            text;
  program_digits   smallint;
  new_entry_id     bigint;
  payout_key       text := 'payout-run:' || p_run;
BEGIN
  PERFORM lock_books(p_program);
  run_row := find_run(p_program, p_run);
  IF run_row.content_hash <> p_content_hash THEN
    PERFORM refuse('run-changed', format(
      'Run %s has the content hash %s, not %s: read it again before you approve it.',
      p_run, run_row.content_hash, p_content_hash));
  END IF;
  IF run_row.status = 'discarded' THEN
    PERFORM refuse('run-discarded', format('Run %s was discarded; draft another one.', p_run));
  ELSIF run_row.status <> 'draft' THEN
    RETURN false;
  END IF;
  IF needs_approval(p_program, 'payouts') OR (
       SELECT v.policy::jsonb -> 'approvals' ? 'payouts' FROM policy_version v
       WHERE v.program_id = p_program AND v.version = run_row.policy_version) THEN
    PERFORM assert_second_person(run_row.drafted_by, p_actor, 'run ' || p_run);
  END IF;
  IF run_row.payout_count = 0 THEN
    PERFORM refuse('nothing-due', format('No payout of run %s is due; discard it.', p_run));
  END IF;
  IF stored_run_hash(run_row) <> run_row.content_hash THEN
    PERFORM refuse('run-changed', format(
      'The rows of run %s are not those that its hash says; discard it and verify the books.', p_run));
  END IF;

  PERFORM assert_closes_sound(p_program, run_row.period);
  SELECT r.run_id INTO fault FROM payout_run r
  JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
  WHERE r.program_id = p_program AND r.run_no <> run_row.run_no AND e.seq > run_row.drafted_seq ORDER BY e.seq LIMIT 1;
  IF fault IS NOT NULL THEN
    PERFORM refuse('run-changed', format(
      'Run %s was approved since run %s was drafted; draft it again.', fault, p_run));
  END IF;
  -- A later close gives the balances, and may have another policy: minimum, rounding and withholding are those of the
  -- last one.
  SELECT c.period INTO fault FROM close c JOIN close k ON k.program_id = c.program_id AND k.period = run_row.period
  WHERE c.program_id = p_program AND c.status = 'closed' AND c.close_no > k.close_no ORDER BY c.close_no LIMIT 1;
  IF fault IS NOT NULL THEN
    PERFORM refuse('run-changed', format(
      'Period %s was closed since run %s was drafted; draft it again.', fault, p_run));
  END IF;
  -- Creators about whom something may have changed since: the others are as they were drafted.
  SELECT array_agg(t.creator_id) INTO touched_creators FROM (
    SELECT m.creator_id FROM journal_entry e CROSS JOIN LATERAL (
      SELECT creator_id FROM posting
      WHERE program_id = e.program_id AND entry_id = e.entry_id AND creator_id <> '' OFFSET 0
    ) AS m WHERE e.program_id = p_program AND e.seq > run_row.drafted_seq
    UNION SELECT c.creator_id FROM creator c WHERE c.program_id = p_program AND c.version > run_row.creators_version
      -- or nobody is read
      AND EXISTS (SELECT 1 FROM program_head h WHERE h.program_id = p_program
                  AND h.creators_version > run_row.creators_version)
    UNION SELECT f.creator_id FROM holds_in_force(p_program) f
  ) AS t;
  IF touched_creators IS NOT NULL THEN
    SELECT format('creator %s %s', p.creator_id, CASE
             WHEN coalesce(b.amount, 0) < p.gross
             THEN format('has %s left of the %s to be paid', coalesce(b.amount, 0), p.gross)
             WHEN o.creator_id IS NOT NULL THEN 'is on hold'
             WHEN least(p.gross, coalesce(x.amount, 0)) <> p.taxed_before THEN 'has other tax withheld'
             ELSE 'has other payment details' END)
    INTO fault
    FROM payout p
    LEFT JOIN payable_balance b ON b.program_id = p_program AND b.creator_id = p.creator_id
    LEFT JOIN creators_at(p_program, (SELECT h.creators_version FROM program_head h WHERE h.program_id = p_program)) c
      ON c.creator_id = p.creator_id
    LEFT JOIN (SELECT DISTINCT f.creator_id FROM holds_in_force(p_program) f) AS o ON o.creator_id = p.creator_id
    LEFT JOIN taxed_before(p_program) x ON x.creator_id = p.creator_id
    WHERE p.program_id = p_program AND p.run_no = run_row.run_no AND p.status = 'due'
      AND p.creator_id IN (SELECT unnest(touched_creators))
      AND (coalesce(b.amount, 0) < p.gross OR o.creator_id IS NOT NULL
           OR least(p.gross, coalesce(x.amount, 0)) <> p.taxed_before
           OR (c.tax_country, c.payee, c.account) IS DISTINCT FROM (p.tax_country, p.payee, p.account))
    ORDER BY p.creator_id LIMIT 1;
  END IF;
  IF fault IS NOT NULL THEN
    PERFORM refuse('run-changed', format('Since run %s was drafted: %s. Draft it again.', p_run, fault));
  END IF;

  SELECT digits INTO STRICT program_digits FROM program WHERE program_id = p_program;
  new_entry_id := begin_entry();
  INSERT INTO posting_sheet (program_id, entry_id, first_creator, first_line, creator_ids, amounts)
  SELECT p_program, new_entry_id, min(p.creator_id), min(p.payout_number),
         array_agg(p.creator_id ORDER BY p.payout_number),
         array_agg(p.gross ORDER BY p.payout_number)
  FROM payout p WHERE p.program_id = p_program AND p.run_no = run_row.run_no AND p.status = 'due'
  GROUP BY (p.payout_number - 1) / sheet_lines();
  INSERT INTO posting_line (program_id, entry_id, line, account, amount)
  SELECT p_program, new_entry_id, run_row.payout_count + row_number() OVER (ORDER BY t.place, t.account COLLATE "C"),
         t.account, round(-t.amount, program_digits)
  FROM (
    SELECT 1 AS place, 'payouts:clearing' AS account, run_row.net AS amount
    UNION ALL
    SELECT 2, 'tax:' || p.tax_country, sum(p.withheld) FROM payout p
    WHERE p.program_id = p_program AND p.run_no = run_row.run_no AND p.status = 'due' AND p.withheld <> 0
    GROUP BY p.tax_country
  ) AS t;
  PERFORM post_entry(p_program, new_entry_id, payout_key, 'payout', p_effective,
    jsonb_build_object('run', p_run, 'contentHash', run_row.content_hash, 'draftedBy', run_row.drafted_by,
                       'approvedBy', p_actor), NULL);
  UPDATE payout_run r SET status = 'approved', approved_by = p_actor, entry_key = payout_key
  WHERE r.program_id = p_program AND r.run_no = run_row.run_no;
  PERFORM log_decision(run_row, 'approve', p_actor, NULL);
  RETURN true;
END $$;

CREATE FUNCTION discard_run(p_program integer, p_run text, p_reason text, p_key_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor text := actor_of(p_key_hash, 'operate', p_program);
  run_row payout_run;
BEGIN
  PERFORM lock_books(p_program);
  run_row := find_run(p_program, p_run);
  IF run_row.status = 'discarded' THEN
    RETURN false;
  ELSIF run_row.status <> 'draft' THEN
    PERFORM refuse('run-not-draft', format('Run %s is %s; return its payouts instead.', p_run, run_row.status));
  END IF;
  UPDATE payout_run SET status = 'discarded' WHERE program_id = p_program AND run_no = run_row.run_no;
  PERFORM log_decision(run_row, 'discard', p_actor, p_reason);
  RETURN true;
END $$;

-- Marks an approved run as handed to the bank.
CREATE FUNCTION export_run(p_program integer, p_run text, p_key_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor text := actor_of(p_key_hash, 'operate', p_program);
  run_row payout_run;
BEGIN
  PERFORM lock_books(p_program);
  run_row := find_run(p_program, p_run);
  IF run_row.status IN ('exported', 'settled') THEN
    RETURN false;
  ELSIF run_row.status <> 'approved' THEN
    PERFORM refuse('run-not-approved', format(
      'Run %s is %s; only an approved run is exported.', p_run, run_row.status));
  END IF;
  UPDATE payout_run SET status = 'exported' WHERE program_id = p_program AND run_no = run_row.run_no;
  PERFORM log_decision(run_row, 'export', p_actor, NULL);
  RETURN true;
END $$;
