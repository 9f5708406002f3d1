-- Paying what the closes allocated: holdbacks, payout runs, returns, tax, adjustments, reversals, approvals.
-- Every function here that changes the books first calls `lock_books`. Entries are built and hashed in SQL, so that drafting,
-- approving, settling and the rest are one call each; `rewardbook verify` derives the same entries again in TypeScript.

-- The holdback of a creator's allocation. It is released after the allocation of close `due_close`.
CREATE TABLE holdback (
  program_id integer NOT NULL REFERENCES program,
  creator_id text COLLATE "C" NOT NULL,
  close_no   integer NOT NULL,
  due_close  integer NOT NULL CHECK (due_close > close_no),
  amount     numeric NOT NULL CHECK (amount > 0),
  PRIMARY KEY (program_id, creator_id, close_no)
);
CREATE INDEX holdback_due ON holdback (program_id, due_close);

-- A closed period whose holdback and releases are posted. Without one they are pending.
CREATE TABLE close_holdback (
  program_id  integer NOT NULL REFERENCES program,
  close_no    integer NOT NULL,
  held_key    text,  -- entry `holdback:<period>`; null where nothing was held
  release_key text,  -- entry `release:<period>`; null where nothing was released
  done_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program_id, close_no)
);

-- Who is not to be paid, and why: append-only. A creator is on hold while a reason's latest row is 'placed'.
CREATE TABLE creator_hold (
  program_id integer NOT NULL REFERENCES program,
  creator_id text COLLATE "C" NOT NULL,
  hold_no    bigint GENERATED ALWAYS AS IDENTITY,
  action     text NOT NULL CHECK (action IN ('placed', 'lifted')),
  reason     text COLLATE "C" NOT NULL,
  note       text,
  actor      text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, creator_id, hold_no)
);

CREATE TABLE payout_run (
  program_id       integer NOT NULL REFERENCES program,
  run_no           integer NOT NULL,
  run_id           text COLLATE "C" NOT NULL,  -- <latest closed period>-<n>
  period           text COLLATE "C" NOT NULL,
  status           text NOT NULL CHECK (status IN ('draft', 'approved', 'exported', 'settled', 'discarded')),
  policy_version   integer NOT NULL,
  drafted_by       text NOT NULL,
  drafted_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  drafted_seq      bigint NOT NULL,            -- the journal's last entry when it was drafted
  content_hash     text NOT NULL,              -- of its header and rows: what is approved
  payout_count     integer NOT NULL,
  waiting_count    integer NOT NULL,
  gross            numeric NOT NULL,
  withheld         numeric NOT NULL,
  net              numeric NOT NULL,
  approved_by      text,
  entry_key        text COLLATE "C",                       -- once approved
  settlement_key   text,                       -- once settled, unless everything had been returned
  settled          numeric,                    -- what went to the bank
  PRIMARY KEY (program_id, run_no),
  UNIQUE (program_id, run_id),
  CHECK (net = gross - withheld),
  CHECK ((entry_key IS NOT NULL) = (status IN ('approved', 'exported', 'settled')))
);

-- A creator in a run, as drafted; never changed.
CREATE TABLE payout (
  program_id    integer NOT NULL,
  creator_id    text COLLATE "C" NOT NULL,
  run_no        integer NOT NULL,
  payout_number integer,  -- 1, 2, 3… of what is due, by creator; null where it waits
  tax_country   text,
  payee         text,
  account       text,
  available     numeric NOT NULL,
  gross         numeric NOT NULL,
  withheld      numeric NOT NULL,
  net           numeric NOT NULL,
  status        text NOT NULL CHECK (status IN ('due', 'waiting')),
  reason        text,     -- why it waits
  PRIMARY KEY (program_id, creator_id, run_no),  -- no foreign key: a look-up a row would be half of a draft's time
  CHECK ((status = 'due') = (payout_number IS NOT NULL AND reason IS NULL)),
  CHECK (net = gross - withheld)
);
CREATE INDEX payout_of_run ON payout (program_id, run_no, creator_id);

CREATE TABLE payout_return (
  program_id     integer NOT NULL,
  creator_id     text COLLATE "C" NOT NULL,
  run_no         integer NOT NULL,
  entry_key      text COLLATE "C" NOT NULL,
  after_settling boolean NOT NULL,
  net            numeric NOT NULL,
  tax_back       numeric NOT NULL,  -- 0 where the tax had been remitted
  reason         text NOT NULL,
  actor          text NOT NULL,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (program_id, creator_id, run_no),
  FOREIGN KEY (program_id, creator_id, run_no) REFERENCES payout
);
CREATE INDEX payout_return_of_run ON payout_return (program_id, run_no);

-- Which run's tax of a country a remittance covered. A reversed remittance covers nothing.
CREATE TABLE tax_remittance (
  program_id integer NOT NULL,
  reference  text COLLATE "C" NOT NULL,
  run_no     integer NOT NULL,
  country    text COLLATE "C" NOT NULL,
  amount     numeric NOT NULL,
  entry_key  text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, reference, run_no),
  FOREIGN KEY (program_id, run_no) REFERENCES payout_run
);

-- Every decision on a run: append-only.
CREATE TABLE payout_decision (
  program_id   integer NOT NULL,
  run_no       integer NOT NULL,
  decision_no  bigint GENERATED ALWAYS AS IDENTITY,
  decision     text NOT NULL,
  actor        text NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  content_hash text NOT NULL,
  note         text,
  PRIMARY KEY (program_id, run_no, decision_no),
  FOREIGN KEY (program_id, run_no) REFERENCES payout_run
);

-- What waits for a second person. The payload is what will be done, as canonical JSON.
--   pending → approved → executed or failed; pending → rejected
CREATE TABLE approval_request (
  program_id   integer NOT NULL REFERENCES program,
  request_no   integer NOT NULL,
  kind         text NOT NULL,
  request_key  text COLLATE "C" NOT NULL,  -- natural key of what is asked for
  payload      text NOT NULL,
  payload_hash text NOT NULL,
  status       text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'executed', 'failed')),
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by   text,
  decided_at   timestamptz,
  note         text,
  outcome      text,  -- key of what came of it, or why it failed
  PRIMARY KEY (program_id, request_no),
  CHECK (decided_by IS NULL OR decided_by <> requested_by)
);
CREATE UNIQUE INDEX approval_request_open ON approval_request (program_id, kind, request_key)
  WHERE status IN ('pending', 'approved', 'executed');

-- ---------------------------------------------------------------- entries

-- JSON of a text or null, as JSON.stringify writes it.
CREATE FUNCTION json_text(p text) RETURNS text LANGUAGE sql STABLE AS $$  -- to_json is stable: called immutable, it could not be inlined
  SELECT coalesce(to_json(p)::text, 'null');
$$;

-- Canonical JSON (RFC 8785) of a flat object of texts whose keys are ASCII; nulls are left out.
CREATE FUNCTION canonical_details(p jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || to_json(value)::text, ',' ORDER BY key COLLATE "C"), '') || '}'
  FROM jsonb_each_text(p) WHERE value IS NOT NULL;
$$;

-- Posts what is staged under an open entry, after hashing it here. The caller holds the program's head row.
CREATE FUNCTION post_staged(
  p_program integer, p_entry bigint, p_key text, p_kind text, p_effective date, p_details jsonb, p_reverses text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_digits smallint;
  found      record;
BEGIN
  SELECT digits INTO STRICT the_digits FROM program WHERE program_id = p_program;
  SELECT count(*)::integer AS lines, coalesce(bool_and(scale(amount) <= the_digits), true) AS exact,
         encode(sha256(convert_to(coalesce(string_agg(
           '[' || to_json(account)::text || ',"' || round(amount, the_digits) || '"]' || E'\n', '' ORDER BY line), ''), 'UTF8')), 'hex') AS hash
  INTO STRICT found FROM posting WHERE program_id = p_program AND entry_id = p_entry;
  IF NOT found.exact THEN
    RAISE EXCEPTION 'post_staged: an amount of % has more decimals than its currency', p_key;
  END IF;
  RETURN post_entry(p_program, p_entry, p_key, p_kind, p_effective, canonical_details(p_details), p_reverses, found.lines, found.hash);
END $$;

CREATE FUNCTION open_entry(p_program integer) RETURNS bigint
LANGUAGE sql SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO entry_draft (program_id) VALUES (p_program) RETURNING entry_id;
$$;

-- An entry of a few lines, in the order given; lines of zero are left out unless fewer than two would be left.
CREATE FUNCTION post_lines(
  p_program integer, p_key text, p_kind text, p_effective date, p_details jsonb, p_reverses text,
  p_creators text[], p_accounts text[], p_amounts numeric[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_entry  bigint := open_entry(p_program);
  the_digits smallint;
  keep_zeros boolean;
BEGIN
  SELECT digits INTO STRICT the_digits FROM program WHERE program_id = p_program;
  SELECT count(*) FILTER (WHERE a <> 0) < 2 INTO keep_zeros FROM unnest(p_amounts) AS a;
  INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_program, the_entry, row_number() OVER (ORDER BY l.ord), coalesce(l.creator, ''), l.account, round(l.amount, the_digits)
  FROM unnest(p_creators, p_accounts, p_amounts) WITH ORDINALITY AS l (creator, account, amount, ord)
  WHERE keep_zeros OR l.amount <> 0;
  RETURN post_staged(p_program, the_entry, p_key, p_kind, p_effective, p_details, p_reverses);
END $$;

-- x ≥ 0 rounded to the currency's digits, halves to the even minor unit (IEEE 754's roundTiesToEven).
CREATE FUNCTION round_half_even(x numeric, p_digits integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN 2 * (x - trunc(x, p_digits)) > ('1e-' || p_digits)::numeric
                OR (2 * (x - trunc(x, p_digits)) = ('1e-' || p_digits)::numeric
                    AND mod(trunc(x, p_digits), 2 * ('1e-' || p_digits)::numeric) <> 0)
              THEN trunc(x, p_digits) + ('1e-' || p_digits)::numeric
              ELSE trunc(x, p_digits) END;
$$;

-- ---------------------------------------------------------------- holdback and release

-- Posts what is pending after closes, in their order: `holdback:<period>`, then `release:<period>` of everything that is due after
-- that allocation. What is released is what `held` has beyond the holdbacks that are not due: so a clawback out of `held` makes
-- the next release smaller, and what comes back to `held` is released with the next one. The caller holds the program's head row.
CREATE FUNCTION post_pending_holdbacks(p_program integer) RETURNS integer
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off SET enable_nestloop = off AS $$
DECLARE
  the_digits smallint;
  closed     record;
  the_entry  bigint;
  the_rows   bigint;
  key_held   text;
  key_freed  text;
  done       integer := 0;
BEGIN
  SELECT digits INTO STRICT the_digits FROM program WHERE program_id = p_program;
  FOR closed IN
    SELECT c.period, c.close_no, c.fold_id, e.effective_at, v.policy::jsonb #>> '{payout,holdback,share}' AS share,
           (v.policy::jsonb #>> '{payout,holdback,periods}')::integer AS periods
    FROM period c
    JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    JOIN journal_entry e ON e.program_id = c.program_id AND e.entry_key = c.entry_key
    WHERE c.program_id = p_program AND c.status = 'closed'
      AND NOT EXISTS (SELECT 1 FROM close_holdback h WHERE h.program_id = c.program_id AND h.close_no = c.close_no)
    ORDER BY c.close_no
  LOOP
    key_held := NULL;
    key_freed := NULL;
    IF closed.share::numeric > 0 THEN
      INSERT INTO holdback (program_id, creator_id, close_no, due_close, amount)
      SELECT p_program, a.creator_id, closed.close_no, closed.close_no + closed.periods, trunc(a.amount * closed.share::numeric, the_digits)
      FROM allocation a
      JOIN account_balance b ON b.program_id = p_program AND b.creator_id = a.creator_id AND right(b.account, 8) = ':payable'
      WHERE a.program_id = p_program AND a.fold_id = closed.fold_id
        AND trunc(a.amount * closed.share::numeric, the_digits) > 0 AND b.credit - b.debit > 0;
      GET DIAGNOSTICS the_rows = ROW_COUNT;
      IF the_rows > 0 THEN
        key_held := 'holdback:' || closed.period;
        the_entry := open_entry(p_program);
        INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
        SELECT p_program, the_entry, 2 * row_number() OVER (ORDER BY h.creator_id) - 1, h.creator_id, b.account, round(h.amount, the_digits)
        FROM holdback h
        JOIN account_balance b ON b.program_id = p_program AND b.creator_id = h.creator_id AND right(b.account, 8) = ':payable'
        WHERE h.program_id = p_program AND h.close_no = closed.close_no;
        INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
        SELECT p_program, the_entry, p.line + 1, p.creator_id, left(p.account, -7) || 'held', -p.amount
        FROM posting p WHERE p.program_id = p_program AND p.entry_id = the_entry;
        PERFORM post_staged(p_program, the_entry, key_held, 'holdback', closed.effective_at,
                            jsonb_build_object('period', closed.period), NULL);
      END IF;
    END IF;

    the_entry := open_entry(p_program);
    INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
    SELECT p_program, the_entry, 2 * row_number() OVER (ORDER BY b.creator_id) - 1, b.creator_id, b.account,
           round(b.credit - b.debit - coalesce(n.amount, 0), the_digits)
    FROM account_balance b
    LEFT JOIN (
      SELECT h.creator_id, sum(h.amount) AS amount FROM holdback h
      WHERE h.program_id = p_program AND h.due_close > closed.close_no GROUP BY h.creator_id
    ) AS n ON n.creator_id = b.creator_id
    WHERE b.program_id = p_program AND b.creator_id <> '' AND right(b.account, 5) = ':held'
      AND b.credit - b.debit > coalesce(n.amount, 0);
    GET DIAGNOSTICS the_rows = ROW_COUNT;
    IF the_rows > 0 THEN
      key_freed := 'release:' || closed.period;
      INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
      SELECT p_program, the_entry, p.line + 1, p.creator_id, left(p.account, -4) || 'payable', -p.amount
      FROM posting p WHERE p.program_id = p_program AND p.entry_id = the_entry;
      PERFORM post_staged(p_program, the_entry, key_freed, 'release', closed.effective_at,
                          jsonb_build_object('period', closed.period), NULL);
    ELSE
      DELETE FROM entry_draft WHERE entry_id = the_entry;
    END IF;
    INSERT INTO close_holdback (program_id, close_no, held_key, release_key) VALUES (p_program, closed.close_no, key_held, key_freed);
    done := done + 1;
  END LOOP;
  RETURN done;
END $$;

-- Takes the program's head row and brings the books up to date: after a close, nothing comes before its holdback and release.
CREATE FUNCTION lock_books(p_program integer) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'lock_books: there is no program %', p_program;
  END IF;
  PERFORM post_pending_holdbacks(p_program);
END $$;

-- For the close job and the sweep. Returns for how many closes something was pending.
CREATE FUNCTION post_holdbacks(p_program integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  RETURN post_pending_holdbacks(p_program);
END $$;

-- ---------------------------------------------------------------- holds

-- Reasons for which creators are on hold now.
CREATE FUNCTION holds_in_force(p_program integer)
RETURNS TABLE (creator_id text, reason text, note text, actor text, at timestamptz)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT h.creator_id, h.reason, h.note, h.actor, h.at FROM (
    SELECT DISTINCT ON (c.creator_id, c.reason) c.* FROM creator_hold c
    WHERE c.program_id = p_program ORDER BY c.creator_id, c.reason, c.hold_no DESC
  ) AS h WHERE h.action = 'placed';
$$;

CREATE FUNCTION assert_creator(p_program integer, p_creator text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM creator c WHERE c.program_id = p_program AND c.creator_id = p_creator)
     AND NOT EXISTS (SELECT 1 FROM account_balance b WHERE b.program_id = p_program AND b.creator_id = p_creator) THEN
    PERFORM refuse('creator-unknown', format('Creator %s is neither registered nor in the books.', p_creator));
  END IF;
END $$;

-- Places or lifts a hold; false where it is so already.
CREATE FUNCTION set_hold(p_program integer, p_creator text, p_action text, p_reason text, p_note text, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  is_placed boolean;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  PERFORM assert_creator(p_program, p_creator);
  is_placed := EXISTS (SELECT 1 FROM holds_in_force(p_program) h WHERE h.creator_id = p_creator AND h.reason = p_reason);
  IF is_placed = (p_action = 'placed') THEN
    RETURN false;
  END IF;
  INSERT INTO creator_hold (program_id, creator_id, action, reason, note, actor)
  VALUES (p_program, p_creator, p_action, p_reason, p_note, p_actor);
  RETURN true;
END $$;

-- ---------------------------------------------------------------- payout runs

CREATE FUNCTION find_run(p_program integer, p_run text) RETURNS payout_run
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known payout_run;
BEGIN
  SELECT * INTO known FROM payout_run r WHERE r.program_id = p_program AND r.run_id = p_run;
  IF known.run_no IS NULL THEN
    PERFORM refuse('run-unknown', format('There is no payout run %s.', p_run));
  END IF;
  RETURN known;
END $$;

CREATE FUNCTION log_decision(p_run payout_run, p_decision text, p_actor text, p_note text) RETURNS void
LANGUAGE sql SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO payout_decision (program_id, run_no, decision, actor, content_hash, note)
  VALUES (p_run.program_id, p_run.run_no, p_decision, p_actor, p_run.content_hash, p_note);
$$;

-- A payout as a line of what is hashed: canonical JSON of an array.
CREATE FUNCTION payout_line(p payout, p_digits integer) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT '[' || to_json(p.creator_id)::text || ',' || rewardbook.json_text(p.status) || ',' || rewardbook.json_text(p.reason)
      || ',' || coalesce(p.payout_number::text, 'null')
      || ',"' || round(p.available, p_digits) || '","' || round(p.gross, p_digits)
      || '","' || round(p.withheld, p_digits) || '","' || round(p.net, p_digits)
      || '",' || rewardbook.json_text(p.tax_country) || ',' || rewardbook.json_text(p.payee) || ',' || rewardbook.json_text(p.account) || ']' || E'\n';
$$;

-- SHA-256 of a run: a line with its header as canonical JSON, then a line for each creator, by creator.
CREATE FUNCTION run_hash(p_program integer, p_header text, p_rows text) RETURNS text
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT encode(sha256(convert_to(p_header || E'\n' || p_rows, 'UTF8')), 'hex');
$$;

CREATE FUNCTION run_header(p_program integer, p_run text, p_period text, p_policy integer) RETURNS text
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT '{"currency":' || to_json(currency)::text || ',"period":' || to_json(p_period)::text || ',"policyVersion":' || p_policy
      || ',"program":' || to_json(slug)::text || ',"runId":' || to_json(p_run)::text || '}'
  FROM program WHERE program_id = p_program;
$$;

-- The hash of a run as it is stored now.
CREATE FUNCTION stored_run_hash(p_run payout_run) RETURNS text
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT run_hash(p_run.program_id, run_header(p_run.program_id, p_run.run_id, p_run.period, p_run.policy_version),
    coalesce((SELECT string_agg(payout_line(p, g.digits), '' ORDER BY p.creator_id)
              FROM payout p JOIN program g USING (program_id)
              WHERE p.program_id = p_run.program_id AND p.run_no = p_run.run_no), ''));
$$;

-- No nested loops in what follows: rows that were just written have no statistics, and the planner takes 100,000 creators for a few.
-- Drafts a run from the balances as they are: a row for each creator with one. Nothing is posted. The same draft again by the same
-- person gives the draft that stands.
CREATE FUNCTION draft_run(p_program integer, p_actor text) RETURNS TABLE (run_id text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
  the_program program;
  last_close  period;
  terms       jsonb;
  minimum     numeric;
  round_to    numeric;
  the_no      integer;
  the_id      text;
  the_rows    text;
  drafted     record;
  known       payout_run;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO STRICT the_program FROM program g WHERE g.program_id = p_program;
  SELECT * INTO last_close FROM period c WHERE c.program_id = p_program AND c.status = 'closed' ORDER BY c.close_no DESC LIMIT 1;
  IF last_close.period IS NULL THEN
    PERFORM refuse('nothing-closed', 'No period is closed yet; there is nothing to pay.');
  END IF;
  SELECT v.policy::jsonb -> 'payout' INTO STRICT terms FROM policy_version v
  WHERE v.program_id = p_program AND v.version = last_close.policy_version;
  minimum := (terms ->> 'minimum')::numeric;
  round_to := (terms ->> 'roundTo')::numeric;
  SELECT coalesce(max(r.run_no), 0) + 1, last_close.period || '-' || (count(*) FILTER (WHERE r.period = last_close.period) + 1)
  INTO STRICT the_no, the_id FROM payout_run r WHERE r.program_id = p_program;

  INSERT INTO payout_run (program_id, run_no, run_id, period, status, policy_version, drafted_by, drafted_seq, content_hash,
                          payout_count, waiting_count, gross, withheld, net)
  SELECT p_program, the_no, the_id, last_close.period, 'draft', last_close.policy_version, p_actor, h.seq, '', 0, 0, 0, 0, 0
  FROM program_head h WHERE h.program_id = p_program;
  INSERT INTO payout (program_id, creator_id, run_no, payout_number, tax_country, payee, account, available, gross, withheld, net, status, reason)
  SELECT p_program, t.creator_id, the_no, CASE WHEN t.reason IS NULL THEN row_number() OVER (PARTITION BY t.reason IS NULL ORDER BY t.creator_id) END,
         t.tax_country, t.payee, t.account, t.available, t.gross, t.withheld, t.gross - t.withheld,
         CASE WHEN t.reason IS NULL THEN 'due' ELSE 'waiting' END, t.reason
  FROM (
    SELECT g.*, round(round_half_even(g.gross * coalesce((terms -> 'withholding' ->> g.tax_country)::numeric, 0), the_program.digits), the_program.digits) AS withheld,
           CASE WHEN g.available <= 0 THEN 'not-above-zero'
                WHEN g.gross = 0 THEN 'below-minimum'
                WHEN g.payee IS NULL OR g.tax_country IS NULL THEN 'incomplete'
                WHEN o.creator_id IS NOT NULL THEN 'on-hold' END AS reason
    FROM (
      SELECT b.creator_id, c.tax_country, c.payee, c.account, round(b.credit - b.debit, the_program.digits) AS available,
             CASE WHEN b.credit - b.debit > 0 AND b.credit - b.debit >= minimum
                  THEN round(b.credit - b.debit - mod(b.credit - b.debit, round_to), the_program.digits)
                  ELSE round(0, the_program.digits) END AS gross
      FROM account_balance b
      LEFT JOIN creators_at(p_program, (SELECT h.creators_version FROM program_head h WHERE h.program_id = p_program)) c
        ON c.creator_id = b.creator_id
      WHERE b.program_id = p_program AND b.creator_id <> '' AND right(b.account, 8) = ':payable' AND b.credit <> b.debit
    ) AS g
    LEFT JOIN (SELECT DISTINCT f.creator_id FROM holds_in_force(p_program) f) AS o ON o.creator_id = g.creator_id
  ) AS t;

  SELECT string_agg(payout_line(p, the_program.digits), '' ORDER BY p.creator_id) AS lines,
         count(*) FILTER (WHERE p.status = 'due') AS due, count(*) FILTER (WHERE p.status = 'waiting') AS waiting,
         coalesce(sum(p.gross) FILTER (WHERE p.status = 'due'), 0) AS gross,
         coalesce(sum(p.withheld) FILTER (WHERE p.status = 'due'), 0) AS withheld
  INTO STRICT drafted FROM payout p WHERE p.program_id = p_program AND p.run_no = the_no;
  the_rows := coalesce(drafted.lines, '');

  -- The same draft by the same person stands already: nothing was added to the books since, and it says the same.
  SELECT r.* INTO known FROM payout_run r JOIN program_head h ON h.program_id = r.program_id AND h.seq = r.drafted_seq
  WHERE r.program_id = p_program AND r.status = 'draft' AND r.drafted_by = p_actor AND r.run_no < the_no
    AND r.content_hash = run_hash(p_program, run_header(p_program, r.run_id, r.period, r.policy_version), the_rows)
  ORDER BY r.run_no DESC LIMIT 1;
  IF known.run_id IS NOT NULL THEN
    DELETE FROM payout p WHERE p.program_id = p_program AND p.run_no = the_no;
    DELETE FROM payout_run r WHERE r.program_id = p_program AND r.run_no = the_no;
    RETURN QUERY SELECT known.run_id, false;
    RETURN;
  END IF;

  UPDATE payout_run r SET content_hash = run_hash(p_program, run_header(p_program, the_id, last_close.period, last_close.policy_version), the_rows),
    payout_count = drafted.due, waiting_count = drafted.waiting, gross = drafted.gross, withheld = drafted.withheld, net = drafted.gross - drafted.withheld
  WHERE r.program_id = p_program AND r.run_no = the_no RETURNING r.* INTO known;
  PERFORM log_decision(known, 'draft', p_actor, NULL);
  RETURN QUERY SELECT the_id, true;
END $$;

-- Whether the policy in force asks a second person for this. Turning it on takes effect at once; turning it off with the first close
-- under the new policy, so that nobody turns it off for themselves.
CREATE FUNCTION needs_approval(p_program integer, p_what text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(bool_or(v.policy::jsonb -> 'approvals' ? p_what), false) FROM policy_version v
  WHERE v.program_id = p_program AND v.version IN (
    (SELECT max(n.version) FROM policy_version n WHERE n.program_id = p_program),
    (SELECT c.policy_version FROM period c WHERE c.program_id = p_program ORDER BY c.close_no DESC LIMIT 1));
$$;

-- Approves a run: what was drafted is posted, whole, as one entry; or it is refused because it is not what it was any more.
CREATE FUNCTION approve_run(p_program integer, p_run text, p_content_hash text, p_effective date, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
  known      payout_run;
  fault      text;
  the_digits smallint;
  the_entry  bigint;
  the_key    text := 'payout-run:' || p_run;
BEGIN
  PERFORM lock_books(p_program);
  known := find_run(p_program, p_run);
  IF known.content_hash <> p_content_hash THEN
    PERFORM refuse('run-changed', format('Run %s has the content hash %s, not %s: read it again before you approve it.', p_run, known.content_hash, p_content_hash));
  END IF;
  IF known.status = 'discarded' THEN
    PERFORM refuse('run-discarded', format('Run %s was discarded; draft another one.', p_run));
  ELSIF known.status <> 'draft' THEN
    RETURN false;
  END IF;
  IF known.drafted_by = p_actor AND (needs_approval(p_program, 'payouts') OR (
       SELECT v.policy::jsonb -> 'approvals' ? 'payouts' FROM policy_version v WHERE v.program_id = p_program AND v.version = known.policy_version)) THEN
    PERFORM refuse('self-approval', format('%s drafted run %s; somebody else has to approve it.', p_actor, p_run));
  END IF;
  IF known.payout_count = 0 THEN
    PERFORM refuse('nothing-due', format('No payout of run %s is due; discard it.', p_run));
  END IF;
  IF stored_run_hash(known) <> known.content_hash THEN
    PERFORM refuse('run-changed', format('The rows of run %s are not those that its hash says; discard it and verify the books.', p_run));
  END IF;

  SELECT r.run_id INTO fault FROM payout_run r JOIN journal_entry e ON e.program_id = r.program_id AND e.entry_key = r.entry_key
  WHERE r.program_id = p_program AND r.run_no <> known.run_no AND e.seq > known.drafted_seq ORDER BY e.seq LIMIT 1;
  IF fault IS NOT NULL THEN
    PERFORM refuse('run-changed', format('Run %s was approved since run %s was drafted; draft it again.', fault, p_run));
  END IF;
  SELECT format('creator %s %s', p.creator_id, CASE
           WHEN coalesce(b.credit - b.debit, 0) < p.gross THEN format('has %s left of the %s to be paid', coalesce(b.credit - b.debit, 0), p.gross)
           WHEN o.creator_id IS NOT NULL THEN 'is on hold'
           ELSE 'has other payment details' END)
  INTO fault
  FROM payout p
  LEFT JOIN account_balance b ON b.program_id = p_program AND b.creator_id = p.creator_id AND right(b.account, 8) = ':payable'
  LEFT JOIN creators_at(p_program, (SELECT h.creators_version FROM program_head h WHERE h.program_id = p_program)) c ON c.creator_id = p.creator_id
  LEFT JOIN (SELECT DISTINCT f.creator_id FROM holds_in_force(p_program) f) AS o ON o.creator_id = p.creator_id
  WHERE p.program_id = p_program AND p.run_no = known.run_no AND p.status = 'due'
    AND (coalesce(b.credit - b.debit, 0) < p.gross OR o.creator_id IS NOT NULL
         OR (c.tax_country, c.payee, c.account) IS DISTINCT FROM (p.tax_country, p.payee, p.account))
  ORDER BY p.creator_id LIMIT 1;
  IF fault IS NOT NULL THEN
    PERFORM refuse('run-changed', format('Since run %s was drafted: %s. Draft it again.', p_run, fault));
  END IF;

  SELECT digits INTO STRICT the_digits FROM program WHERE program_id = p_program;
  the_entry := open_entry(p_program);
  INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_program, the_entry, p.payout_number, p.creator_id, b.account, round(p.gross, the_digits)
  FROM payout p JOIN account_balance b ON b.program_id = p_program AND b.creator_id = p.creator_id AND right(b.account, 8) = ':payable'
  WHERE p.program_id = p_program AND p.run_no = known.run_no AND p.status = 'due';
  INSERT INTO posting (program_id, entry_id, line, account, amount)
  SELECT p_program, the_entry, known.payout_count + row_number() OVER (ORDER BY t.place, t.account COLLATE "C"), t.account, round(-t.amount, the_digits)
  FROM (
    SELECT 1 AS place, 'payouts:clearing' AS account, known.net AS amount
    UNION ALL
    SELECT 2, 'tax:' || p.tax_country, sum(p.withheld) FROM payout p
    WHERE p.program_id = p_program AND p.run_no = known.run_no AND p.status = 'due' AND p.withheld <> 0 GROUP BY p.tax_country
  ) AS t;
  PERFORM post_staged(p_program, the_entry, the_key, 'payout', p_effective,
    jsonb_build_object('run', p_run, 'contentHash', known.content_hash, 'draftedBy', known.drafted_by, 'approvedBy', p_actor), NULL);
  UPDATE payout_run r SET status = 'approved', approved_by = p_actor, entry_key = the_key
  WHERE r.program_id = p_program AND r.run_no = known.run_no;
  PERFORM log_decision(known, 'approve', p_actor, NULL);
  RETURN true;
END $$;

CREATE FUNCTION discard_run(p_program integer, p_run text, p_reason text, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known payout_run;
BEGIN
  PERFORM lock_books(p_program);
  known := find_run(p_program, p_run);
  IF known.status = 'discarded' THEN
    RETURN false;
  ELSIF known.status <> 'draft' THEN
    PERFORM refuse('run-not-draft', format('Run %s is %s; return its payouts instead.', p_run, known.status));
  END IF;
  UPDATE payout_run SET status = 'discarded' WHERE program_id = p_program AND run_no = known.run_no;
  PERFORM log_decision(known, 'discard', p_actor, p_reason);
  RETURN true;
END $$;

-- Marks an approved run as handed to the bank.
CREATE FUNCTION export_run(p_program integer, p_run text, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known payout_run;
BEGIN
  PERFORM lock_books(p_program);
  known := find_run(p_program, p_run);
  IF known.status IN ('exported', 'settled') THEN
    RETURN false;
  ELSIF known.status <> 'approved' THEN
    PERFORM refuse('run-not-approved', format('Run %s is %s; only an approved run is exported.', p_run, known.status));
  END IF;
  UPDATE payout_run SET status = 'exported' WHERE program_id = p_program AND run_no = known.run_no;
  PERFORM log_decision(known, 'export', p_actor, NULL);
  RETURN true;
END $$;

-- The bank paid the run: clearing → cash for what was not returned before.
CREATE FUNCTION settle_run(p_program integer, p_run text, p_reference text, p_effective date, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known   payout_run;
  paid    numeric;
  the_key text := 'payout-settled:' || p_run;
BEGIN
  PERFORM lock_books(p_program);
  known := find_run(p_program, p_run);
  IF known.status = 'settled' THEN
    RETURN false;
  ELSIF known.status <> 'exported' THEN
    PERFORM refuse('run-not-exported', format('Run %s is %s; only an exported run is settled.', p_run, known.status));
  END IF;
  paid := known.net - (SELECT coalesce(sum(b.net), 0) FROM payout_return b WHERE b.program_id = p_program AND b.run_no = known.run_no);
  IF paid <> 0 THEN
    PERFORM post_lines(p_program, the_key, 'settlement', p_effective,
      jsonb_build_object('run', p_run, 'reference', p_reference, 'by', p_actor), NULL,
      ARRAY['', ''], ARRAY['payouts:clearing', 'platform:cash'], ARRAY[paid, -paid]);
  END IF;
  UPDATE payout_run SET status = 'settled', settled = paid, settlement_key = CASE WHEN paid <> 0 THEN the_key END
  WHERE program_id = p_program AND run_no = known.run_no;
  PERFORM log_decision(known, 'settle', p_actor, p_reference);
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
      AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = 'reversal:' || m.entry_key));
$$;

-- A payout came back: the whole of it goes back to the creator, the tax too unless it is remitted, and the creator is on hold: it is
-- never paid again by itself. False where it is returned already.
CREATE FUNCTION return_payout(p_program integer, p_run text, p_creator text, p_reason text, p_effective date, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known       payout_run;
  paid        payout;
  is_remitted boolean;
  tax_back    numeric;
  the_key     text;
  payable     text;
BEGIN
  PERFORM lock_books(p_program);
  known := find_run(p_program, p_run);
  SELECT * INTO paid FROM payout p WHERE p.program_id = p_program AND p.run_no = known.run_no AND p.creator_id = p_creator AND p.status = 'due';
  IF paid.creator_id IS NULL THEN
    PERFORM refuse('payout-unknown', format('Run %s pays nothing to creator %s.', p_run, p_creator));
  ELSIF EXISTS (SELECT 1 FROM payout_return b WHERE b.program_id = p_program AND b.run_no = known.run_no AND b.creator_id = p_creator) THEN
    RETURN false;
  ELSIF known.entry_key IS NULL THEN
    PERFORM refuse('run-not-approved', format('Run %s is %s; nothing of it was paid.', p_run, known.status));
  END IF;
  is_remitted := EXISTS (
    SELECT 1 FROM tax_remittance m WHERE m.program_id = p_program AND m.run_no = known.run_no AND m.country = paid.tax_country
      AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = 'reversal:' || m.entry_key));
  tax_back := CASE WHEN is_remitted THEN 0 ELSE paid.withheld END;
  the_key := format('payout-returned:%s-%s', p_run, paid.payout_number);
  SELECT b.account INTO STRICT payable FROM account_balance b
  WHERE b.program_id = p_program AND b.creator_id = p_creator AND right(b.account, 8) = ':payable';
  PERFORM post_lines(p_program, the_key, 'payout-return', p_effective,
    jsonb_build_object('run', p_run, 'payout', p_run || '-' || paid.payout_number, 'creator', p_creator, 'reason', p_reason, 'by', p_actor),
    NULL, ARRAY['', '', p_creator],
    ARRAY[CASE WHEN known.status = 'settled' THEN 'platform:cash' ELSE 'payouts:clearing' END, 'tax:' || paid.tax_country, payable],
    ARRAY[paid.net, tax_back, -(paid.net + tax_back)]);
  INSERT INTO payout_return (program_id, creator_id, run_no, entry_key, after_settling, net, tax_back, reason, actor)
  VALUES (p_program, p_creator, known.run_no, the_key, known.status = 'settled', paid.net, tax_back, p_reason, p_actor);
  INSERT INTO creator_hold (program_id, creator_id, action, reason, note, actor)
  SELECT p_program, p_creator, 'placed', 'returned', format('Payout %s-%s came back: %s', p_run, paid.payout_number, p_reason), p_actor
  WHERE NOT EXISTS (SELECT 1 FROM holds_in_force(p_program) h WHERE h.creator_id = p_creator AND h.reason = 'returned');
  PERFORM log_decision(known, 'return', p_actor, format('%s-%s %s: %s', p_run, paid.payout_number, p_creator, p_reason));
  RETURN true;
END $$;

-- Tax → cash: what is due of a country, of one run or of all. The reference makes it idempotent.
CREATE FUNCTION remit_tax(p_program integer, p_country text, p_run text, p_reference text, p_effective date, p_actor text)
RETURNS TABLE (entry_key text, amount numeric, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  the_key text := 'tax-remitted:' || p_reference;
  known   journal_entry;
  only_no integer;
  total   numeric;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO known FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key;
  IF known.seq IS NOT NULL THEN
    IF (known.details::jsonb ->> 'country', known.details::jsonb ->> 'run') IS DISTINCT FROM (p_country, p_run) THEN
      PERFORM refuse('reference-conflict', format('Reference %s is another remittance; use another reference.', p_reference));
    END IF;
    RETURN QUERY SELECT the_key, sum(m.amount), false FROM tax_remittance m WHERE m.program_id = p_program AND m.reference = p_reference;
    RETURN;
  END IF;
  IF p_run IS NOT NULL THEN
    only_no := (find_run(p_program, p_run)).run_no;
  END IF;
  INSERT INTO tax_remittance (program_id, reference, run_no, country, amount, entry_key)
  SELECT p_program, p_reference, d.run_no, d.country, d.amount, the_key FROM tax_due(p_program) d
  WHERE d.country = p_country AND (only_no IS NULL OR d.run_no = only_no);
  SELECT sum(m.amount) INTO total FROM tax_remittance m WHERE m.program_id = p_program AND m.reference = p_reference;
  IF total IS NULL THEN
    PERFORM refuse('nothing-to-remit', format('No tax of %s is due%s.', p_country, coalesce(' for run ' || p_run, '')));
  END IF;
  PERFORM post_lines(p_program, the_key, 'tax-remittance', p_effective,
    jsonb_build_object('country', p_country, 'run', p_run, 'reference', p_reference, 'by', p_actor), NULL,
    ARRAY['', ''], ARRAY['tax:' || p_country, 'platform:cash'], ARRAY[total, -total]);
  RETURN QUERY SELECT the_key, total, true;
END $$;

-- ---------------------------------------------------------------- approvals

-- Asks for a second person. The same request again, while it stands, is that request.
CREATE FUNCTION request_approval(p_program integer, p_kind text, p_key text, p_payload text, p_actor text)
RETURNS TABLE (request_no integer, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known  approval_request;
  the_no integer;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO known FROM approval_request a
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.status IN ('pending', 'approved', 'executed');
  IF known.request_no IS NOT NULL THEN
    IF known.payload <> p_payload THEN
      PERFORM refuse('reference-conflict', format('%s is already asked for with other contents, as request %s.', p_key, known.request_no));
    END IF;
    RETURN QUERY SELECT known.request_no, false;
    RETURN;
  END IF;
  SELECT coalesce(max(a.request_no), 0) + 1 INTO the_no FROM approval_request a WHERE a.program_id = p_program;
  INSERT INTO approval_request (program_id, request_no, kind, request_key, payload, payload_hash, status, requested_by)
  VALUES (p_program, the_no, p_kind, p_key, p_payload, encode(sha256(convert_to(p_payload, 'UTF8')), 'hex'), 'pending', p_actor);
  RETURN QUERY SELECT the_no, true;
END $$;

-- Decides a request, once; the same decision again changes nothing. The hash says what was looked at.
CREATE FUNCTION decide_request(p_program integer, p_request integer, p_approve boolean, p_payload_hash text, p_note text, p_actor text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known approval_request;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO known FROM approval_request a WHERE a.program_id = p_program AND a.request_no = p_request;
  IF known.request_no IS NULL THEN
    PERFORM refuse('request-unknown', format('There is no request %s.', p_request));
  ELSIF p_payload_hash IS NOT NULL AND p_payload_hash <> known.payload_hash THEN
    PERFORM refuse('request-changed', format('Request %s has the hash %s, not %s: read it again before you decide.', p_request, known.payload_hash, p_payload_hash));
  ELSIF known.status <> 'pending' THEN
    IF p_approve <> (known.status <> 'rejected') THEN
      PERFORM refuse('request-decided', format('Request %s is %s by %s.', p_request, known.status, known.decided_by));
    END IF;
    RETURN false;
  ELSIF p_approve AND known.requested_by = p_actor THEN
    PERFORM refuse('self-approval', format('%s asked for this; somebody else has to approve it.', p_actor));
  END IF;
  -- Whoever asked may take it back: that is a rejection by nobody else.
  UPDATE approval_request SET status = CASE WHEN p_approve THEN 'approved' ELSE 'rejected' END,
    decided_by = CASE WHEN known.requested_by <> p_actor THEN p_actor END, decided_at = clock_timestamp(), note = p_note
  WHERE program_id = p_program AND request_no = p_request;
  RETURN true;
END $$;

-- Notes what came of an approved request.
CREATE FUNCTION finish_request(p_program integer, p_request integer, p_failed boolean, p_outcome text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE approval_request SET status = CASE WHEN p_failed THEN 'failed' ELSE 'executed' END, outcome = p_outcome
  WHERE program_id = p_program AND request_no = p_request AND status = 'approved';
$$;

-- The approved request that allows this, where one is needed: what is done under it is exactly what it says.
CREATE FUNCTION assert_approved(p_program integer, p_what text, p_kind text, p_key text, p_payload text) RETURNS approval_request
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known approval_request;
BEGIN
  SELECT * INTO known FROM approval_request a
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.payload = p_payload AND a.status IN ('approved', 'executed');
  IF known.request_no IS NULL AND needs_approval(p_program, p_what) THEN
    PERFORM refuse('approval-needed', format('%s needs a second person: ask for its approval first.', p_key));
  END IF;
  RETURN known;
END $$;

-- ---------------------------------------------------------------- adjustments, reversals, cash

-- Moves money between a creator and the platform. Positive amounts; `adjustment` may be negative.
--   adjustment  rewards-expense → payable
--   clawback    payable first, then held, the rest out of payable, which may become negative → recovered
--   write-off   write-off → payable, as far as it is negative
--   unclaimed   payable → unclaimed, as far as there is any
CREATE FUNCTION post_adjustment(
  p_program integer, p_kind text, p_creator text, p_payable text, p_amount text, p_reason text, p_reference text,
  p_effective date, p_payload text, p_actor text
) RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  the_key   text := 'adjustment:' || p_reference;
  the_sum   numeric := p_amount::numeric;
  known     journal_entry;
  request   approval_request;
  payable   numeric;
  held      numeric;
  from_held numeric;
  details   jsonb;
BEGIN
  PERFORM lock_books(p_program);
  details := jsonb_build_object('creator', p_creator, 'amount', p_amount, 'reason', p_reason, 'reference', p_reference);
  SELECT * INTO known FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key;
  IF known.seq IS NOT NULL THEN
    IF known.kind <> p_kind OR known.details::jsonb - 'by' - 'approvedBy' <> details THEN
      PERFORM refuse('reference-conflict', format('Reference %s is already used by another adjustment; use another reference.', p_reference));
    END IF;
    RETURN QUERY SELECT the_key, false;
    RETURN;
  END IF;
  PERFORM assert_creator(p_program, p_creator);
  IF the_sum = 0 OR (the_sum < 0 AND p_kind <> 'adjustment') THEN
    PERFORM refuse('bad-adjustment', 'Give an amount above zero; only an adjustment may be negative.');
  END IF;
  request := assert_approved(p_program, 'adjustments', 'adjustment', the_key, p_payload);
  SELECT coalesce(sum(b.credit - b.debit) FILTER (WHERE right(b.account, 8) = ':payable'), 0),
         coalesce(sum(b.credit - b.debit) FILTER (WHERE right(b.account, 5) = ':held'), 0)
  INTO STRICT payable, held FROM account_balance b WHERE b.program_id = p_program AND b.creator_id = p_creator;
  IF p_kind = 'write-off' AND the_sum > -payable THEN
    PERFORM refuse('bad-adjustment', format('Creator %s owes %s; no more can be written off.', p_creator, greatest(-payable, 0)));
  ELSIF p_kind = 'unclaimed' AND the_sum > payable THEN
    PERFORM refuse('bad-adjustment', format('Creator %s has %s; no more can be unclaimed.', p_creator, greatest(payable, 0)));
  END IF;
  from_held := CASE WHEN p_kind = 'clawback' THEN least(greatest(held, 0), the_sum - least(the_sum, greatest(payable, 0))) ELSE 0 END;
  PERFORM post_lines(p_program, the_key, p_kind, p_effective,
    details || jsonb_build_object('by', coalesce(request.requested_by, p_actor), 'approvedBy', request.decided_by), NULL,
    CASE p_kind WHEN 'clawback' THEN ARRAY[p_creator, p_creator, ''] WHEN 'unclaimed' THEN ARRAY[p_creator, ''] ELSE ARRAY['', p_creator] END,
    CASE p_kind
      WHEN 'adjustment' THEN ARRAY['platform:rewards-expense', p_payable]
      WHEN 'clawback' THEN ARRAY[p_payable, left(p_payable, -7) || 'held', 'platform:recovered']
      WHEN 'write-off' THEN ARRAY['platform:write-off', p_payable]
      WHEN 'unclaimed' THEN ARRAY[p_payable, 'platform:unclaimed'] END,
    CASE p_kind WHEN 'clawback' THEN ARRAY[the_sum - from_held, from_held, -the_sum] ELSE ARRAY[the_sum, -the_sum] END);
  RETURN QUERY SELECT the_key, true;
END $$;

-- Reverses an entry with negated postings, once. Closes and what payout runs posted are undone by other means.
CREATE FUNCTION reverse_entry(p_program integer, p_key text, p_reason text, p_effective date, p_payload text, p_actor text)
RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  the_key   text := 'reversal:' || p_key;
  original  journal_entry;
  request   approval_request;
  the_entry bigint;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO original FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = p_key;
  IF original.seq IS NULL THEN
    PERFORM refuse('entry-unknown', format('There is no entry %s.', p_key));
  END IF;
  IF EXISTS (SELECT 1 FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key) THEN
    RETURN QUERY SELECT the_key, false;
    RETURN;
  END IF;
  IF original.kind NOT IN ('adjustment', 'clawback', 'write-off', 'unclaimed', 'receipt', 'funding', 'tax-remittance') THEN
    PERFORM refuse('not-reversible', CASE original.kind
      WHEN 'close' THEN 'A close is never reversed: correct revenue in a later period, or adjust creators.'
      WHEN 'revenue' THEN 'Revenue is corrected by a booking of its own that names the entry it corrects.'
      WHEN 'reversal' THEN 'A reversal is not reversed: post it again under a new reference.'
      ELSE format('Entry %s is of the kind %s, which is not reversed: payouts are returned, holdbacks released.', p_key, original.kind) END);
  END IF;
  request := assert_approved(p_program, 'adjustments', 'reversal', the_key, p_payload);
  the_entry := open_entry(p_program);
  INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
  SELECT p.program_id, the_entry, p.line, p.creator_id, p.account, -p.amount FROM posting p
  WHERE p.program_id = p_program AND p.entry_id = original.entry_id;
  PERFORM post_staged(p_program, the_entry, the_key, 'reversal', p_effective,
    jsonb_build_object('reason', p_reason, 'by', coalesce(request.requested_by, p_actor), 'approvedBy', request.decided_by), p_key);
  RETURN QUERY SELECT the_key, true;
END $$;

-- Money that came in: `receipt` (cash → ad-receivable) of advertising revenue, or `funding` (cash → funding).
CREATE FUNCTION book_cash(p_program integer, p_kind text, p_amount text, p_reference text, p_note text, p_effective date, p_actor text)
RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  the_key text := p_kind || ':' || p_reference;
  the_sum numeric := p_amount::numeric;
  known   journal_entry;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO known FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key;
  IF known.seq IS NOT NULL THEN
    IF known.details::jsonb ->> 'amount' <> p_amount THEN
      PERFORM refuse('reference-conflict', format('Reference %s is already booked, over %s; use another reference.', p_reference, known.details::jsonb ->> 'amount'));
    END IF;
    RETURN QUERY SELECT the_key, false;
    RETURN;
  END IF;
  IF the_sum <= 0 OR p_kind NOT IN ('receipt', 'funding') THEN
    PERFORM refuse('bad-adjustment', 'Give an amount above zero; reverse an entry to take it back.');
  END IF;
  PERFORM post_lines(p_program, the_key, p_kind, p_effective,
    jsonb_build_object('amount', p_amount, 'reference', p_reference, 'reason', p_note, 'by', p_actor), NULL, ARRAY['', ''],
    ARRAY['platform:cash', CASE p_kind WHEN 'receipt' THEN 'platform:ad-receivable' ELSE 'platform:funding' END], ARRAY[the_sum, -the_sum]);
  RETURN QUERY SELECT the_key, true;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA rewardbook FROM PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA rewardbook TO rewardbook_service;
GRANT EXECUTE ON FUNCTION
  round_half_even, post_holdbacks, holds_in_force, set_hold, draft_run, needs_approval, approve_run, discard_run, export_run, settle_run,
  tax_due, return_payout, remit_tax, request_approval, decide_request, finish_request, post_adjustment, reverse_entry, book_cash
TO rewardbook_service;
