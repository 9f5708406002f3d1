-- The journal: accounts, postings, and what every entry goes through.

-- An id as account codes have it, like encodeId of packages/domain/src/books/account.ts: RFC 3986 percent-encoding of
-- UTF-8 bytes.
CREATE FUNCTION encode_bytes(p_id text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9_.!~*''()-]' COLLATE "C" THEN c
                    ELSE regexp_replace(upper(encode(convert_to(c, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END,
                    '' ORDER BY ord)
  FROM regexp_split_to_table(p_id, '') WITH ORDINALITY AS t (c, ord);
$$;

-- no SET, no subquery: the planner can only inline it without
CREATE FUNCTION encode_id(p_id text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
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

-- Every posting as a row of its own. `postings_between` finds those of one creator without reading every sheet.
CREATE VIEW posting AS
  SELECT program_id, entry_id, line, creator_id, account, amount FROM posting_line
  UNION ALL
  SELECT s.program_id, s.entry_id, s.first_line + u.place::integer - 1, u.creator_id, payable_account(u.creator_id),
         u.amount
  FROM posting_sheet s
  CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) WITH ORDINALITY AS u (creator_id, amount, place);

-- Postings of the creators from p_first to p_last ('': the platform's), without reading other creators' sheets: in each
-- entry, the first sheet to read is the last one that does not begin after p_first. To the end: `last_creator()`; an
-- index cannot use null as a bound.
CREATE FUNCTION postings_between(p_program integer, p_first text, p_last text) RETURNS SETOF rewardbook.posting
LANGUAGE sql STABLE AS $$  -- no SET: the planner can only inline it without
  SELECT l.program_id, l.entry_id, l.line, l.creator_id, l.account, l.amount FROM rewardbook.posting_line l
  WHERE l.program_id = p_program AND l.creator_id BETWEEN p_first AND p_last
  UNION ALL
  SELECT s.program_id, s.entry_id, s.first_line + u.place::integer - 1, u.creator_id,
         rewardbook.payable_account(u.creator_id), u.amount
  FROM rewardbook.journal_entry e
  JOIN rewardbook.posting_sheet s ON s.program_id = e.program_id AND s.entry_id = e.entry_id
    AND s.first_creator <= p_last
   AND s.first_creator >= coalesce((SELECT max(b.first_creator) FROM rewardbook.posting_sheet b
                                    WHERE b.program_id = e.program_id AND b.entry_id = e.entry_id
                                      AND b.first_creator <= p_first), p_first)
  CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) WITH ORDINALITY AS u (creator_id, amount, place)
  WHERE e.program_id = p_program AND e.kind IN ('close', 'payout') AND u.creator_id BETWEEN p_first AND p_last;
$$;

-- Sorts after every id: ids have at most 128 code points.
CREATE FUNCTION last_creator() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT repeat(U&'\+10FFFF', 129) $$;

-- A page of an entry's postings: p_limit of them after a line, without reading the lines and sheets before or after the
-- page.
CREATE FUNCTION postings_after(
  p_program integer, p_entry bigint, p_line integer, p_limit integer
) RETURNS SETOF rewardbook.posting
LANGUAGE sql STABLE AS $$
  SELECT * FROM (
    (SELECT l.program_id, l.entry_id, l.line, l.creator_id, l.account, l.amount FROM rewardbook.posting_line l
     WHERE l.program_id = p_program AND l.entry_id = p_entry AND l.line > p_line ORDER BY l.line LIMIT p_limit)
    UNION ALL
    SELECT s.program_id, s.entry_id, s.first_line + u.place::integer - 1, u.creator_id,
           rewardbook.payable_account(u.creator_id), u.amount
    FROM rewardbook.posting_sheet s
    CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) WITH ORDINALITY AS u (creator_id, amount, place)
    WHERE s.program_id = p_program AND s.entry_id = p_entry AND s.first_line <= p_line + p_limit
      AND s.first_line + cardinality(s.creator_ids) > p_line
  ) AS p WHERE p.line > p_line ORDER BY p.line LIMIT p_limit;
$$;

-- How many lines a sheet has: enough to make the cost of the row per line small, few enough to be read for one creator.
CREATE FUNCTION sheet_lines() RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 128 $$;

CREATE FUNCTION begin_entry() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('rewardbook.journal_entry_id') $$;

-- A posting as a line of what is hashed: canonical JSON. Account codes need no escapes: ids in them are
-- percent-encoded.
-- numeric || text is stable: called immutable, it could not be inlined
CREATE FUNCTION posting_text(p_account text, p_amount numeric) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '["' || p_account || '","' || p_amount || E'"]\n';
$$;

-- What has been written of an entry, in pieces of one line or one sheet, each with its lines in the form that is
-- hashed.
CREATE FUNCTION written_pieces(p_program integer, p_entry bigint, p_digits integer)
RETURNS TABLE (first_line integer, lines integer, total numeric, has_other_decimals boolean, hashed text)
LANGUAGE sql STABLE AS $$
  SELECT l.line, 1, l.amount, scale(l.amount) <> p_digits, rewardbook.posting_text(l.account, l.amount)
  FROM rewardbook.posting_line l
  WHERE l.program_id = p_program AND l.entry_id = p_entry
  UNION ALL
  SELECT s.first_line, cardinality(s.creator_ids), t.total, t.has_other_decimals, t.hashed
  FROM rewardbook.posting_sheet s
  CROSS JOIN LATERAL (
    SELECT sum(u.amount) AS total, bool_or(scale(u.amount) <> p_digits) AS has_other_decimals,
           string_agg(rewardbook.posting_text(rewardbook.payable_account(u.creator_id), u.amount), '' ORDER BY u.place)
           AS hashed
    FROM unnest(s.creator_ids, s.amounts) WITH ORDINALITY AS u (creator_id, amount, place)
  ) AS t
  WHERE s.program_id = p_program AND s.entry_id = p_entry;
$$;

-- Posts an entry whose lines are written: the only function that writes journal_entry. The caller holds the program's
-- head row. Checks that the lines are numbered from 1, sum to zero and have the currency's decimals, hashes them,
-- extends the hash chain. The hash is that of packages/domain/src/books/journal-hash.ts: SHA-256 over previous hash,
-- header, number of postings and the postings' hash, a line each. Balances follow from the postings (balances.sql).
CREATE FUNCTION post_entry(
  p_program integer, p_entry bigint, p_key text, p_kind text, p_effective date, p_details jsonb, p_reverses text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
  head        program_head;
  program_row program;
  written     record;
  posted      timestamptz;
  details     text := canonical_details(p_details);
  header      text;
BEGIN
  SELECT * INTO STRICT head FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO STRICT program_row FROM program WHERE program_id = p_program;
  SELECT coalesce(sum(lines), 0)::integer AS lines, sum(total) AS total,
         bool_or(has_other_decimals) AS has_other_decimals,
         bool_or(first_line <> before + 1) AS has_gaps,
         encode(sha256(convert_to(coalesce(string_agg(hashed, '' ORDER BY first_line), ''), 'UTF8')), 'hex') AS hash
  INTO STRICT written FROM (
    SELECT *,
           coalesce(sum(lines) OVER (ORDER BY first_line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM written_pieces(p_program, p_entry, program_row.digits)
  ) AS pieces;
  IF written.lines < 2 OR written.has_gaps THEN
    RAISE EXCEPTION 'post_entry: the % lines of % are not two or more, from the first on without gaps',
      written.lines, p_key;
  END IF;
  IF written.total <> 0 THEN
    RAISE EXCEPTION 'post_entry: the postings of % sum to %', p_key, written.total;
  END IF;
  IF written.has_other_decimals THEN
    RAISE EXCEPTION 'post_entry: an amount of % is not written with the % decimals of %',
      p_key, program_row.digits, program_row.currency;
  END IF;

  IF p_kind <> 'revenue' AND (p_effective <= (clock_timestamp() AT TIME ZONE 'UTC')::date + 1) IS NOT TRUE THEN
    RAISE EXCEPTION 'post_entry: % would take effect on %, which is to come', p_key, p_effective;
  END IF;

  posted := greatest(date_trunc('milliseconds', clock_timestamp()), head.posted_at);
  header := '{"currency":' || to_json(program_row.currency)
         || ',"details":' || details
         || ',"effectiveAt":"' || to_char(p_effective, 'YYYY-MM-DD')
         || '","key":' || to_json(p_key)
         || ',"kind":' || to_json(p_kind)
         || ',"postedAt":"' || to_char(posted AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
         || '","program":' || to_json(program_row.slug)
         || ',"reverses":' || coalesce(to_json(p_reverses)::text, 'null')
         || ',"seq":' || head.seq + 1 || '}';
  INSERT INTO journal_entry (program_id, seq, entry_id, entry_key, kind, effective_at, posted_at, details, reverses,
                             posting_count, postings_hash, hash)
  VALUES (p_program, head.seq + 1, p_entry, p_key, p_kind, p_effective, posted, details, p_reverses, written.lines,
          written.hash,
          encode(sha256(convert_to(concat_ws(E'\n', head.hash, header, written.lines, written.hash), 'UTF8')), 'hex'));
  UPDATE program_head h SET seq = e.seq, hash = e.hash, posted_at = e.posted_at
  FROM journal_entry e WHERE h.program_id = p_program AND e.program_id = p_program AND e.seq = head.seq + 1;
  RETURN head.seq + 1;
END $$;

-- Canonical JSON (RFC 8785) of a flat object of texts whose keys are ASCII; nulls are left out.
CREATE FUNCTION canonical_details(p jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '{'
      || coalesce(string_agg(to_json(key)::text || ':' || to_json(value)::text, ',' ORDER BY key COLLATE "C"), '')
      || '}'
  FROM jsonb_each_text(p) WHERE value IS NOT NULL;
$$;

-- An entry of a few lines, in the order given; lines of zero are left out unless fewer than two would be left.
CREATE FUNCTION post_lines(
  p_program integer, p_key text, p_kind text, p_effective date, p_details jsonb, p_reverses text,
  p_creators text[], p_accounts text[], p_amounts numeric[]
) RETURNS bigint
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  new_entry_id   bigint := begin_entry();
  program_digits smallint;
  keep_zeros     boolean;
BEGIN
  SELECT digits INTO STRICT program_digits FROM program WHERE program_id = p_program;
  SELECT count(*) FILTER (WHERE a <> 0) < 2 INTO keep_zeros FROM unnest(p_amounts) AS a;
  IF EXISTS (
    SELECT 1 FROM unnest(p_creators, p_accounts, p_amounts) AS l (creator, account, amount)
    WHERE (min_scale(l.amount) <= program_digits AND is_account_of(l.account, l.creator)) IS NOT TRUE
  ) THEN
    RAISE EXCEPTION 'post_lines: an amount of % has too many decimals, or an account is not its creator''s', p_key;
  END IF;
  INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_program, new_entry_id, row_number() OVER (ORDER BY l.ord), l.creator, l.account,
         round(l.amount, program_digits)
  FROM unnest(p_creators, p_accounts, p_amounts) WITH ORDINALITY AS l (creator, account, amount, ord)
  WHERE keep_zeros OR l.amount <> 0;
  RETURN post_entry(p_program, new_entry_id, p_key, p_kind, p_effective, p_details, p_reverses);
END $$;

CREATE FUNCTION is_reversed(p_program integer, p_key text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = 'reversal:' || p_key);
$$;

-- Refuses the reference of an entry that was reversed: repeating what was undone is not a repeat of something done.
CREATE FUNCTION assert_not_reversed(p_program integer, p_key text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF is_reversed(p_program, p_key) THEN
    PERFORM refuse('reference-reversed', format(
      'Entry %s was reversed, by reversal:%s; use another reference to post it again.', p_key, p_key));
  END IF;
END $$;

-- x ≥ 0 rounded to the currency's digits, halves to the even minor unit (IEEE 754's roundTiesToEven). Inlined where x
-- is cheap.
CREATE FUNCTION round_half_even(x numeric, p_digits integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN 2 * (x - trunc(x, p_digits)) = 0.1 ^ p_digits::numeric
                   AND mod(trunc(x, p_digits), 2 * 0.1 ^ p_digits::numeric) = 0
              THEN trunc(x, p_digits) ELSE round(x, p_digits) END;
$$;
