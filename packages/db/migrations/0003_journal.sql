-- The journal: entries and their hash chain, postings, balances, and what every entry goes through.

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
) WITH (fillfactor = 50);  -- a run changes nearly every row: with room beside it none needs a new place in the index

-- What creators may be paid, and what is held back from them: positive where it is owed to them.
CREATE VIEW payable_balance AS
  SELECT program_id, creator_id, account, credit - debit AS amount FROM account_balance WHERE creator_id <> '' AND right(account, 8) = ':payable';
CREATE VIEW held_balance AS
  SELECT program_id, creator_id, account, credit - debit AS amount FROM account_balance WHERE creator_id <> '' AND right(account, 5) = ':held';

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

-- What may be paid to a creator.
CREATE FUNCTION payable_account(p_creator text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'creator:' || rewardbook.encode_id(p_creator) || ':payable';
$$;

-- Whether an account is one of this creator's, or one of the platform's where the creator is ''.
CREATE FUNCTION is_account_of(p_account text, p_creator text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_creator = '' THEN left(p_account, 8) <> 'creator:'
              ELSE p_account = rewardbook.payable_account(p_creator)
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
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' AS $$
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
  IF p_details <> canonical_details(p_details::jsonb) THEN
    RAISE EXCEPTION 'post_entry: the details of % are no canonical JSON of texts', p_key;
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
  SELECT count(*)::integer AS lines,
         encode(sha256(convert_to(coalesce(string_agg(
           '[' || to_json(account)::text || ',"' || round(amount, the_digits) || '"]' || E'\n', '' ORDER BY line), ''), 'UTF8')), 'hex') AS hash
  INTO STRICT found FROM posting WHERE program_id = p_program AND entry_id = p_entry;
  RETURN post_entry(p_program, p_entry, p_key, p_kind, p_effective, canonical_details(p_details), p_reverses, found.lines, found.hash);
END $$;

-- An entry of a few lines, in the order given; lines of zero are left out unless fewer than two would be left.
CREATE FUNCTION post_lines(
  p_program integer, p_key text, p_kind text, p_effective date, p_details jsonb, p_reverses text,
  p_creators text[], p_accounts text[], p_amounts numeric[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_entry  bigint := begin_entry(p_program);
  the_digits smallint;
  keep_zeros boolean;
BEGIN
  SELECT digits INTO STRICT the_digits FROM program WHERE program_id = p_program;
  SELECT count(*) FILTER (WHERE a <> 0) < 2 INTO keep_zeros FROM unnest(p_amounts) AS a;
  IF EXISTS (
    SELECT 1 FROM unnest(p_creators, p_accounts, p_amounts) AS l (creator, account, amount)
    WHERE (min_scale(l.amount) <= the_digits AND is_account_of(l.account, l.creator)) IS NOT TRUE
  ) THEN
    RAISE EXCEPTION 'post_lines: an amount of % has too many decimals, or an account is not its creator''s', p_key;
  END IF;
  INSERT INTO posting (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_program, the_entry, row_number() OVER (ORDER BY l.ord), l.creator, l.account, round(l.amount, the_digits)
  FROM unnest(p_creators, p_accounts, p_amounts) WITH ORDINALITY AS l (creator, account, amount, ord)
  WHERE keep_zeros OR l.amount <> 0;
  RETURN post_staged(p_program, the_entry, p_key, p_kind, p_effective, p_details, p_reverses);
END $$;

-- x ≥ 0 rounded to the currency's digits, halves to the even minor unit (IEEE 754's roundTiesToEven). Inlined where x is cheap.
CREATE FUNCTION round_half_even(x numeric, p_digits integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN 2 * (x - trunc(x, p_digits)) = 0.1 ^ p_digits::numeric AND mod(trunc(x, p_digits), 2 * 0.1 ^ p_digits::numeric) = 0
              THEN trunc(x, p_digits) ELSE round(x, p_digits) END;
$$;
