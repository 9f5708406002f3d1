-- The books: journal, balances, revenue, closes.

CREATE TABLE journal_entry (
  program_id    integer NOT NULL REFERENCES program,
  seq           bigint NOT NULL,
  entry_id      bigint NOT NULL UNIQUE,
  entry_key     text COLLATE "C" NOT NULL,    -- natural key: posting it again is a no-op
  kind          text NOT NULL,
  effective_at  date NOT NULL,
  posted_at     timestamptz NOT NULL,
  details       text NOT NULL,                -- canonical JSON: a flat object of strings
  reverses      text,                         -- key of the entry that this one corrects
  posting_count integer NOT NULL CHECK (posting_count >= 2),
  postings_hash text NOT NULL,
  hash          text NOT NULL,
  PRIMARY KEY (program_id, seq),
  UNIQUE (program_id, entry_key)
);

-- Debit positive. Postings are staged under an entry id before their entry stands; they count once journal_entry has it.
CREATE TABLE posting (
  program_id integer NOT NULL,
  entry_id   bigint NOT NULL,
  line       integer NOT NULL,
  creator_id text COLLATE "C" NOT NULL DEFAULT '',   -- whose account it is; '' for the platform's
  account    text COLLATE "C" NOT NULL,
  amount     numeric NOT NULL,
  PRIMARY KEY (program_id, creator_id, entry_id, line)
);
CREATE INDEX posting_entry ON posting (program_id, entry_id, line);

-- An entry under construction. Whoever stages holds it shared, the posting call exclusively: nothing slips in after the count.
CREATE TABLE entry_draft (
  entry_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id integer NOT NULL,
  fold_id    bigint,   -- the attempt of a close that stages it: it lives as long
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE account_balance (
  program_id integer NOT NULL,
  creator_id text COLLATE "C" NOT NULL DEFAULT '',
  account    text COLLATE "C" NOT NULL,
  debit      numeric NOT NULL,
  credit     numeric NOT NULL,
  PRIMARY KEY (program_id, creator_id, account)
);

CREATE TABLE revenue (
  program_id integer NOT NULL,
  reference  text COLLATE "C" NOT NULL,
  period     text COLLATE "C" NOT NULL,
  starts_at  bigint NOT NULL,
  amount     numeric NOT NULL,
  corrects   text,
  booked_by  text NOT NULL,
  entry_key  text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, reference)
);
CREATE INDEX revenue_period ON revenue (program_id, period, reference);

-- One attempt to fold a period's events. Its results count once the period names it; others are swept.
CREATE TABLE fold (
  fold_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id integer NOT NULL,
  close_no   integer NOT NULL,
  parts      integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A fold is done in parts, each for a share of the viewers. Written in one transaction with the register's rows of the part: who has
-- read the last row of a fold cannot know that it was committed.
CREATE TABLE fold_part (
  fold_id       bigint NOT NULL REFERENCES fold ON DELETE CASCADE,
  part          integer NOT NULL,
  register_rows bigint NOT NULL,
  PRIMARY KEY (fold_id, part)
);

-- The register: what events have left between a viewer and a creator, as of each close that changed it. The state at a
-- close is the row of the latest fold that counts. content_id '' is the follow.
--   occurred_at, event_id, source, active   the winning event and what it left
--   gained_close   0: baseline; null: has not earned
CREATE TABLE engagement (
  program_id   integer NOT NULL,
  viewer_id    text COLLATE "C" NOT NULL,
  creator_id   text COLLATE "C" NOT NULL,
  content_id   text COLLATE "C" NOT NULL,
  fold_id      bigint NOT NULL,
  occurred_at  bigint NOT NULL,
  event_id     text COLLATE "C" NOT NULL,
  source       text COLLATE "C" NOT NULL,
  active       boolean NOT NULL,
  gained_close integer,
  lost_close   integer,
  PRIMARY KEY (program_id, viewer_id, creator_id, content_id, fold_id)
);

-- Events that a risk rule kept from counting.
CREATE TABLE exclusion (
  program_id  integer NOT NULL,
  fold_id     bigint NOT NULL,
  viewer_id   text COLLATE "C" NOT NULL,
  event_id    text COLLATE "C" NOT NULL,
  source      text COLLATE "C" NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  content_id  text COLLATE "C" NOT NULL,
  occurred_at bigint NOT NULL,
  rule        text NOT NULL,
  PRIMARY KEY (program_id, fold_id, viewer_id, event_id, source)
);

-- A viewer's earliest event that closes have seen, as of each close that moved it; kept where the policy has minViewerAgeHours. A row
-- counts with its fold.
CREATE TABLE viewer_first_event (
  program_id  integer NOT NULL,
  viewer_id   text COLLATE "C" NOT NULL,
  fold_id     bigint NOT NULL,
  occurred_at bigint NOT NULL,
  PRIMARY KEY (program_id, viewer_id, fold_id)
);

-- What a close found for a creator and what it gave.
CREATE TABLE allocation (
  program_id  integer NOT NULL,
  fold_id     bigint NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  net_likes   bigint NOT NULL,
  net_follows bigint NOT NULL,
  carried_in  numeric NOT NULL,
  carried_out numeric NOT NULL,
  points      numeric NOT NULL,
  weight      numeric NOT NULL,
  amount      numeric NOT NULL CHECK (amount >= 0),
  void        boolean NOT NULL,   -- positive points used up for nothing
  PRIMARY KEY (program_id, fold_id, creator_id)
);
CREATE INDEX allocation_carried ON allocation (program_id, fold_id, creator_id) WHERE carried_out <> 0;
CREATE INDEX allocation_void ON allocation (program_id, fold_id, creator_id) WHERE void;

-- An account's balance, debit positive.
CREATE FUNCTION balance_of(p_program integer, p_account text) RETURNS numeric
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(sum(debit - credit), 0) FROM account_balance
  WHERE program_id = p_program AND creator_id = '' AND account = p_account;
$$;

-- An id as it stands in account codes, as encodeId of packages/domain/src/account.ts writes it: RFC 3986 percent-encoding of UTF-8 bytes.
CREATE FUNCTION encode_bytes(p_id text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9_.!~*''()-]' COLLATE "C" THEN c
                    ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, '' ORDER BY ord)
  FROM regexp_split_to_table(p_id, '') WITH ORDINALITY AS t (c, ord);
$$;
CREATE FUNCTION encode_id(p_id text) RETURNS text LANGUAGE sql IMMUTABLE AS $$  -- no SET, no subquery: the planner can only inline it without
  SELECT CASE WHEN p_id ~ '^[A-Za-z0-9_.~-]+$' COLLATE "C" THEN p_id ELSE rewardbook.encode_bytes(p_id) END;
$$;

-- Whether an account is one of this creator's, or one of the platform's where the creator is ''.
CREATE FUNCTION is_account_of(p_account text, p_creator text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_creator = '' THEN left(p_account, 8) <> 'creator:'
              ELSE p_account = 'creator:' || rewardbook.encode_id(p_creator) || ':payable'
                OR p_account = 'creator:' || rewardbook.encode_id(p_creator) || ':held' END;
$$;

CREATE FUNCTION begin_entry(p_program integer, p_fold bigint DEFAULT NULL) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO entry_draft (program_id, fold_id) VALUES (p_program, p_fold) RETURNING entry_id;
$$;

CREATE FUNCTION stage_postings(
  p_program integer, p_entry bigint, p_first_line integer, p_accounts text[], p_creators text[], p_amounts text[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_digits smallint;
  fault      text;
BEGIN
  PERFORM 1 FROM entry_draft WHERE entry_id = p_entry AND program_id = p_program FOR SHARE;
  IF NOT FOUND THEN
    PERFORM refuse('entry-not-open', 'This entry is posted or was swept; nothing can be staged under it.');
  END IF;
  SELECT digits INTO STRICT the_digits FROM program WHERE program_id = p_program;
  SELECT format('%s on %s of creator "%s"', r.amount, r.account, r.creator_id) INTO fault
  FROM unnest(p_accounts, p_creators, p_amounts) AS r (account, creator_id, amount)
  WHERE (scale(r.amount::numeric) <= the_digits AND is_account_of(r.account, r.creator_id)) IS NOT TRUE LIMIT 1;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'stage_postings: % is not that creator''s account, or has more decimals than the currency', fault;
  END IF;
  INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_program, p_entry, p_first_line + r.ord::integer - 1, r.creator_id, r.account, r.amount::numeric
  FROM unnest(p_accounts, p_creators, p_amounts) WITH ORDINALITY AS r (account, creator_id, amount, ord);
END $$;

-- Posts a staged entry: the only function that writes journal_entry. The caller holds the program's head row.
-- Counts what is staged, checks that it sums to zero and has the currency's decimals, extends the hash chain, moves the balances.
-- The hash is that of packages/domain/src/journal-hash.ts: SHA-256 over previous hash, header, number of postings and
-- the postings' hash, a line each.
CREATE FUNCTION post_entry(
  p_program integer, p_entry bigint, p_key text, p_kind text, p_effective date, p_details text, p_reverses text,
  p_count integer, p_postings_hash text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  head        program_head;
  the_program program;
  staged      bigint;
  total       numeric;
  decimals    integer;
  posted      timestamptz;
  header      text;
BEGIN
  SELECT * INTO STRICT head FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO STRICT the_program FROM program WHERE program_id = p_program;
  DELETE FROM entry_draft WHERE entry_id = p_entry AND program_id = p_program;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'post_entry: entry % is not open', p_entry;
  END IF;
  SELECT count(*), sum(amount), max(scale(amount)) INTO staged, total, decimals FROM posting WHERE program_id = p_program AND entry_id = p_entry;
  IF staged <> p_count OR p_count < 2 THEN
    RAISE EXCEPTION 'post_entry: % postings are staged for %, % expected', staged, p_key, p_count;
  END IF;
  IF total <> 0 THEN
    RAISE EXCEPTION 'post_entry: the postings of % sum to %', p_key, total;
  END IF;
  IF decimals > the_program.digits THEN
    RAISE EXCEPTION 'post_entry: an amount of % has % decimals, % has %', p_key, decimals, the_program.currency, the_program.digits;
  END IF;

  posted := greatest(date_trunc('milliseconds', clock_timestamp()), head.posted_at);
  header := '{"currency":' || to_json(the_program.currency)
         || ',"details":' || p_details
         || ',"effectiveAt":"' || to_char(p_effective, 'YYYY-MM-DD')
         || '","key":' || to_json(p_key)
         || ',"kind":' || to_json(p_kind)
         || ',"postedAt":"' || to_char(posted AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
         || '","program":' || to_json(the_program.slug)
         || ',"reverses":' || coalesce(to_json(p_reverses)::text, 'null')
         || ',"seq":' || head.seq + 1 || '}';
  INSERT INTO journal_entry (program_id, seq, entry_id, entry_key, kind, effective_at, posted_at, details, reverses,
                             posting_count, postings_hash, hash)
  VALUES (p_program, head.seq + 1, p_entry, p_key, p_kind, p_effective, posted, p_details, p_reverses, p_count, p_postings_hash,
          encode(sha256(convert_to(concat_ws(E'\n', head.hash, header, p_count, p_postings_hash), 'UTF8')), 'hex'));
  UPDATE program_head h SET seq = e.seq, hash = e.hash, posted_at = e.posted_at
  FROM journal_entry e WHERE h.program_id = p_program AND e.program_id = p_program AND e.seq = head.seq + 1;

  INSERT INTO account_balance AS b (program_id, creator_id, account, debit, credit)
  SELECT program_id, creator_id, account, coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
  FROM posting WHERE program_id = p_program AND entry_id = p_entry
  GROUP BY program_id, creator_id, account ORDER BY program_id, creator_id, account
  ON CONFLICT (program_id, creator_id, account) DO UPDATE SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
  RETURN head.seq + 1;
END $$;

-- Books revenue for a period that is not closing. The reference makes it idempotent: the same booking again is a no-op,
-- another one under the same reference is refused.
CREATE FUNCTION book_revenue(
  p_program integer, p_period text, p_starts_at bigint, p_effective date, p_amount text, p_reference text, p_corrects text,
  p_details text, p_postings_hash text, p_actor text
) RETURNS TABLE (entry_key text, seq bigint, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  the_key    text := 'revenue:' || p_reference;
  known      revenue;
  last_close period;
  the_entry  bigint;
  the_seq    bigint;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO known FROM revenue r WHERE r.program_id = p_program AND r.reference = p_reference;
  IF known.reference IS NOT NULL THEN
    IF (known.period, known.amount, known.corrects) IS DISTINCT FROM (p_period, p_amount::numeric, p_corrects) THEN
      PERFORM refuse('reference-conflict', format(
        'Reference %s is already booked: %s for period %s%s. Use another reference for another booking.',
        p_reference, known.amount, known.period, coalesce(', correcting ' || known.corrects, '')));
    END IF;
    RETURN QUERY SELECT e.entry_key, e.seq, false FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key;
    RETURN;
  END IF;

  SELECT * INTO last_close FROM period c WHERE c.program_id = p_program ORDER BY c.close_no DESC LIMIT 1;
  IF last_close.period IS NOT NULL AND p_period <= last_close.period COLLATE "C" THEN
    PERFORM refuse('period-closed', format(
      'The last period that is closing or closed is %s, so nothing can be booked for %s. Book a correction in a later period, naming the entry it corrects.',
      last_close.period, p_period));
  END IF;
  IF p_corrects IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = p_corrects AND e.kind = 'revenue'
  ) THEN
    PERFORM refuse('corrects-unknown', format('There is no revenue entry %s to correct.', p_corrects));
  END IF;

  INSERT INTO revenue (program_id, reference, period, starts_at, amount, corrects, booked_by, entry_key)
  VALUES (p_program, p_reference, p_period, p_starts_at, p_amount::numeric, p_corrects, p_actor, the_key);
  INSERT INTO entry_draft (program_id) VALUES (p_program) RETURNING entry_id INTO the_entry;
  INSERT INTO posting (program_id, entry_id, line, account, amount)
  VALUES (p_program, the_entry, 1, 'platform:ad-receivable', p_amount::numeric),
         (p_program, the_entry, 2, 'platform:ad-revenue', -p_amount::numeric);
  the_seq := post_entry(p_program, the_entry, the_key, 'revenue', p_effective, p_details, p_corrects, 2, p_postings_hash);
  RETURN QUERY SELECT the_key, the_seq, true;
END $$;

-- What a close of the period would use now. One place for begin_close and for dry runs. Periods are compared by their labels, whose
-- byte order is that of time: a day that a zone skipped starts when the next one does.
CREATE FUNCTION close_inputs(p_program integer, p_period text)
RETURNS TABLE (close_no integer, policy_version integer, creators_version integer,
               revenue_entries numeric, revenue_carried_in numeric, rolled_over numeric)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(last_close.close_no, 0) + 1,
         (SELECT max(v.version) FROM policy_version v
           WHERE v.program_id = p_program AND (v.valid_from IS NULL OR v.valid_from <= p_period COLLATE "C")),
         h.creators_version,
         (SELECT sum(r.amount) FROM revenue r WHERE r.program_id = p_program AND r.period = p_period),
         coalesce(last_close.revenue_carried_out, 0),
         -balance_of(p_program, 'pool:rollover')
  FROM program_head h
  LEFT JOIN LATERAL (SELECT * FROM period c WHERE c.program_id = p_program ORDER BY c.close_no DESC LIMIT 1) AS last_close ON true
  WHERE h.program_id = p_program;
$$;

-- Begins a close: fixes the events (the sealed batches that no close has seen), revenue, policy and creators it uses.
-- Begun already: returns what was fixed. p_previous is the label of the period before.
CREATE FUNCTION begin_close(
  p_program integer, p_period text, p_starts_at bigint, p_ends_at bigint, p_previous text, p_actor text
) RETURNS SETOF period
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known      period;
  last_close period;
  inputs     record;
  earlier    text;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO known FROM period WHERE program_id = p_program AND period.period = p_period;
  IF known.status = 'closing' THEN
    RETURN NEXT known;
    RETURN;
  ELSIF known.status = 'closed' THEN
    PERFORM refuse('period-closed', format('Period %s is closed already; a closed period never changes.', p_period));
  END IF;
  IF p_ends_at > extract(epoch FROM clock_timestamp()) * 1000 THEN
    PERFORM refuse('period-not-over', format('Period %s is not over yet; use a dry run to see where it stands.', p_period));
  END IF;

  SELECT * INTO last_close FROM period WHERE program_id = p_program ORDER BY close_no DESC LIMIT 1;
  IF last_close.status = 'closing' THEN
    PERFORM refuse('close-under-way', format('Period %s is being closed; wait until it is closed.', last_close.period));
  ELSIF last_close.period <> p_previous THEN
    PERFORM refuse('close-out-of-order', format('Periods close in order and without gaps: the last closed one is %s.', last_close.period));
  ELSIF last_close.period IS NULL THEN
    SELECT r.period INTO earlier FROM revenue r WHERE r.program_id = p_program AND r.period < p_period ORDER BY r.period LIMIT 1;
    IF earlier IS NOT NULL THEN
      PERFORM refuse('close-out-of-order', format('Periods close in order: revenue is booked for %s, which comes first.', earlier));
    END IF;
  END IF;

  SELECT * INTO STRICT inputs FROM close_inputs(p_program, p_period);
  IF inputs.revenue_entries IS NULL THEN
    PERFORM refuse('no-revenue', format('No revenue is booked for %s; book it first, if only 0.', p_period));
  END IF;
  IF inputs.policy_version IS NULL THEN
    PERFORM refuse('no-policy', format('No policy is valid for %s; apply one that is.', p_period));
  END IF;

  INSERT INTO period (program_id, period, close_no, starts_at, ends_at, status, begun_by, policy_version, creators_version,
                      revenue_entries, revenue_carried_in, rolled_over)
  VALUES (p_program, p_period, inputs.close_no, p_starts_at, p_ends_at, 'closing', p_actor, inputs.policy_version,
          inputs.creators_version, inputs.revenue_entries, inputs.revenue_carried_in, inputs.rolled_over)
  RETURNING * INTO known;
  -- Locked in the order in which tally_batches locks them: in that of the disk the two would deadlock.
  WITH unseen AS MATERIALIZED (
    SELECT batch_id FROM ingest_batch
    WHERE program_id = p_program AND seen_close IS NULL AND sealed_at IS NOT NULL
    ORDER BY batch_id FOR UPDATE
  )
  UPDATE ingest_batch b SET seen_close = known.close_no FROM unseen u WHERE b.batch_id = u.batch_id;
  RETURN NEXT known;
END $$;

-- The advisory lock that the connection of whoever works on an attempt holds: it ends with the process, however that ends.
CREATE FUNCTION attempt_lock(p_fold bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended('rewardbook.fold ' || p_fold, 0) $$;

-- Opens an attempt, which lives until `end_attempt` on the same connection, or that connection's end.
CREATE FUNCTION begin_fold(p_program integer, p_close integer, p_parts integer DEFAULT 1) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_fold bigint;
BEGIN
  INSERT INTO fold (program_id, close_no, parts) VALUES (p_program, p_close, p_parts) RETURNING fold_id INTO the_fold;
  PERFORM pg_advisory_lock(attempt_lock(the_fold));
  RETURN the_fold;
END $$;

-- Nobody works on the attempt any more: if it was not committed, the sweep may have it.
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

-- What is wrong with the entry of a close, or null: it gives each creator what is allocated under the fold, once, and besides moves only
-- what the period's revenue and policy say.
CREATE FUNCTION close_fault(
  p_close period, p_fold bigint, p_entry bigint, p_funded numeric, p_undistributed numeric, p_revenue_carried_out numeric
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
  revenue numeric := p_close.revenue_entries + p_close.revenue_carried_in;
  terms   record;
  fault   text;
BEGIN
  SELECT (v.policy::jsonb ->> 'revenueShare')::numeric AS share, v.policy::jsonb ->> 'undistributed' = 'rollover' AS keeps, p.digits
  INTO STRICT terms FROM policy_version v JOIN program p USING (program_id)
  WHERE v.program_id = p_close.program_id AND v.version = p_close.policy_version;
  IF p_funded <> trunc(greatest(revenue, 0) * terms.share, terms.digits) OR p_revenue_carried_out <> least(revenue, 0) THEN
    RETURN format('revenue of %s does not fund %s and carry out %s', revenue, p_funded, p_revenue_carried_out);
  END IF;

  SELECT format('%s is moved by %s, not by %s', account, coalesce(p.amount, 0), coalesce(e.amount, 0)) INTO fault
  FROM (
    SELECT account, sum(amount) AS amount FROM posting
    WHERE program_id = p_close.program_id AND creator_id = '' AND entry_id = p_entry GROUP BY account
  ) AS p FULL JOIN (VALUES
    ('platform:rewards-expense', p_funded - CASE WHEN terms.keeps THEN 0 ELSE p_undistributed END),
    ('pool:rollover', p_close.rolled_over - CASE WHEN terms.keeps THEN p_undistributed ELSE 0 END)
  ) AS e (account, amount) USING (account)
  WHERE coalesce(p.amount, 0) <> coalesce(e.amount, 0) ORDER BY account LIMIT 1;
  IF fault IS NOT NULL THEN
    RETURN fault;
  END IF;

  -- No creator differs: then nobody is given twice either, since by now the entry gives in all what is allocated, and no amount is negative.
  SELECT min(format('creator %s is allocated %s and given %s', creator_id, coalesce(a.amount, 0), coalesce(-p.amount, 0)) COLLATE "C") INTO fault
  FROM (
    SELECT creator_id, account, amount FROM posting
    WHERE program_id = p_close.program_id AND entry_id = p_entry AND creator_id <> ''
  ) AS p FULL JOIN (
    SELECT creator_id, amount FROM allocation WHERE program_id = p_close.program_id AND fold_id = p_fold AND amount <> 0
  ) AS a USING (creator_id)
  WHERE p.amount IS DISTINCT FROM -a.amount OR right(p.account, 8) <> ':payable';
  RETURN fault;
END $$;

-- Commits a close: entry, balances, the period's outcome, in one call. Committed already: returns created = false.
CREATE FUNCTION commit_close(
  p_program integer, p_period text, p_fold bigint, p_entry bigint, p_allocations integer,
  p_effective date, p_details text, p_postings integer, p_postings_hash text,
  p_funded text, p_pool text, p_allocated text, p_undistributed text, p_revenue_carried_out text,
  p_policy_hash text, p_creators_hash text, p_result_hash text, p_excluded text, p_metrics text
) RETURNS TABLE (result_hash text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known   period;
  the_key text := 'close:' || p_period;
  staged  record;
  fault   text;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO STRICT known FROM period c WHERE c.program_id = p_program AND c.period = p_period;
  IF known.status = 'closed' THEN
    RETURN QUERY SELECT known.result_hash, false;
    RETURN;
  END IF;

  DELETE FROM fold f WHERE f.fold_id = p_fold AND f.program_id = p_program AND f.close_no = known.close_no
     AND (SELECT count(*) FROM fold_part t WHERE t.fold_id = p_fold) = f.parts;
  IF NOT FOUND THEN
    PERFORM refuse('fold-not-open', 'This attempt of the close was swept or lost its register; begin another one.');
  END IF;
  SELECT count(*) AS rows, coalesce(sum(amount), 0) AS amount INTO STRICT staged
  FROM allocation a WHERE a.program_id = p_program AND a.fold_id = p_fold;
  IF staged.rows <> p_allocations OR staged.amount <> p_allocated::numeric THEN
    RAISE EXCEPTION 'commit_close: % allocations of % are staged for %, % of % expected',
      staged.rows, staged.amount, p_period, p_allocations, p_allocated;
  END IF;
  IF p_pool::numeric <> p_funded::numeric + known.rolled_over OR p_pool::numeric <> p_allocated::numeric + p_undistributed::numeric THEN
    RAISE EXCEPTION 'commit_close: the pool of % does not add up', p_period;
  END IF;

  -- Looked at once it is posted: from then on nothing can be staged under it.
  PERFORM post_entry(p_program, p_entry, the_key, 'close', p_effective, p_details, NULL, p_postings, p_postings_hash);
  fault := close_fault(known, p_fold, p_entry, p_funded::numeric, p_undistributed::numeric, p_revenue_carried_out::numeric);
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION 'commit_close: the entry staged for % is not that of its close: %', p_period, fault;
  END IF;
  IF balance_of(p_program, 'pool:' || p_period) <> 0 THEN
    RAISE EXCEPTION 'commit_close: pool:% is not emptied by its close', p_period;
  END IF;
  UPDATE period c SET status = 'closed', closed_at = clock_timestamp(), fold_id = p_fold, entry_key = the_key,
    funded = p_funded::numeric, pool = p_pool::numeric, allocated = p_allocated::numeric, undistributed = p_undistributed::numeric,
    revenue_carried_out = p_revenue_carried_out::numeric, policy_hash = p_policy_hash, creators_hash = p_creators_hash,
    result_hash = p_result_hash, excluded = p_excluded, metrics = p_metrics, failure = NULL
  WHERE c.program_id = p_program AND c.period = p_period;
  RETURN QUERY SELECT p_result_hash, true;
END $$;

-- Notes why an attempt of a close failed, for people to read; it is tried again.
CREATE FUNCTION note_failure(p_program integer, p_period text, p_failure text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE period SET failure = p_failure WHERE program_id = p_program AND period = p_period AND status = 'closing';
$$;

-- Removes what attempts left behind that no period has taken, where nobody works on them any more, however long ago they began, and
-- their drafts with them. The age is for attempts whose connection alone was lost: they may still come to their end.
-- Returns how many attempts were swept.
CREATE FUNCTION sweep_attempts(p_older_than interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  dead_folds  bigint[];
  dead_drafts bigint[];
BEGIN
  WITH gone AS (
    DELETE FROM fold WHERE fold_id IN (
      SELECT f.fold_id FROM fold f
      WHERE CASE WHEN f.created_at < now() - p_older_than THEN pg_try_advisory_xact_lock(attempt_lock(f.fold_id)) END
      FOR UPDATE SKIP LOCKED
    ) RETURNING fold_id
  ) SELECT array_agg(fold_id) INTO dead_folds FROM gone;
  WITH gone AS (
    DELETE FROM entry_draft WHERE entry_id IN (
      SELECT d.entry_id FROM entry_draft d
      WHERE d.created_at < now() - p_older_than AND NOT EXISTS (SELECT 1 FROM fold f WHERE f.fold_id = d.fold_id)
      FOR UPDATE SKIP LOCKED
    ) RETURNING entry_id
  ) SELECT array_agg(entry_id) INTO dead_drafts FROM gone;
  IF dead_folds IS NOT NULL THEN
    DELETE FROM engagement WHERE fold_id = ANY (dead_folds);
    DELETE FROM allocation WHERE fold_id = ANY (dead_folds);
    DELETE FROM exclusion WHERE fold_id = ANY (dead_folds);
    DELETE FROM viewer_first_event WHERE fold_id = ANY (dead_folds);
  END IF;
  IF dead_drafts IS NOT NULL THEN
    DELETE FROM posting WHERE entry_id = ANY (dead_drafts);
  END IF;
  DELETE FROM creator_import WHERE created_at < now() - p_older_than;
  RETURN coalesce(cardinality(dead_folds), 0) + coalesce(cardinality(dead_drafts), 0);
END $$;
