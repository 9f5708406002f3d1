-- What others say happened (an ad platform's statement, a bank's), matched to what the books say.
--   revenue      entries that touch platform:ad-revenue, positive as it earns
--   settlements  entries that touch platform:cash: positive in, negative out
-- Only an entry's account, reference, amount and date are looked at, so entries of any kind take part.

-- The imports of a period that count.
CREATE FUNCTION current_imports(p_program integer, p_period text) RETURNS SETOF statement_import
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT DISTINCT ON (kind, source) * FROM statement_import
  WHERE program_id = p_program AND period = p_period ORDER BY kind, source, import_id DESC;
$$;

-- The books as a statement would show them: a line for each entry and kind. An entry without a reference uses that of
-- the payout it returns or else its key; a reversal uses the reference of what it reverses (undoes), so that the two
-- cancel out.
CREATE FUNCTION book_lines(p_program integer)
RETURNS TABLE (kind text, reference text, period text, effective_at date, seq bigint, entry_key text, undoes text,
               hash text, amount numeric)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  WITH moved AS (
    SELECT CASE account WHEN 'platform:cash' THEN 'settlements' ELSE 'revenue' END AS kind, entry_id,
           sum(CASE account WHEN 'platform:cash' THEN amount ELSE -amount END) AS amount
    FROM posting_line
    WHERE program_id = p_program AND creator_id = '' AND account IN ('platform:cash', 'platform:ad-revenue')
    GROUP BY account, entry_id
  )
  SELECT m.kind,
         coalesce(o.details::jsonb ->> 'reference', o.details::jsonb ->> 'payout', o.entry_key) COLLATE "C",
         CASE m.kind WHEN 'revenue'
           THEN coalesce(e.details::jsonb ->> 'period', o.details::jsonb ->> 'period') END COLLATE "C",
         e.effective_at, e.seq, e.entry_key, CASE WHEN o.seq <> e.seq THEN o.entry_key END COLLATE "C", e.hash, m.amount
  FROM moved m
  JOIN journal_entry e ON e.program_id = p_program AND e.entry_id = m.entry_id
  JOIN journal_entry o ON o.program_id = p_program
   AND o.entry_key = CASE WHEN e.reverses IS NULL OR e.details::jsonb ? 'reference'
                          THEN e.entry_key ELSE e.reverses END;
$$;

-- Statements and books of a period, side by side, by reference, and what differs. p_first and p_last are the period's
-- dates. Money in and money out are compared apart: only an entry and its own reversal cancel out, where both are in
-- the period; a statement may show both.
CREATE FUNCTION compared(p_program integer, p_period text, p_first date, p_last date)
RETURNS TABLE (kind text, reference text, statement_lines integer, statement_amount numeric, book_amount numeric,
               book_entries text[], differences text[], facts_hash text)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  WITH stated AS (
    SELECT i.kind, l.reference, count(*)::integer AS lines, sum(l.amount) AS amount,
           ROW(sum(greatest(l.amount, 0)), sum(least(l.amount, 0))) AS in_and_out,
           bool_or(l.currency <> p.currency) AS is_foreign,
           bool_or(l.dated NOT BETWEEN p_first AND p_last) AS is_outside,
           string_agg(concat_ws(' ', l.dated, l.amount, l.currency), ',' ORDER BY l.dated, l.amount, l.currency)
           AS facts
    FROM current_imports(p_program, p_period) i
    JOIN program p ON p.program_id = p_program
    JOIN statement_line l ON l.program_id = p_program AND l.import_id = i.import_id
    GROUP BY i.kind, l.reference
  ), lines AS (
    SELECT b.*, coalesce(b.period = p_period, b.effective_at BETWEEN p_first AND p_last) AS is_here
    FROM book_lines(p_program) b
  ), here AS (
    SELECT b.*, CASE WHEN r.seq IS NULL AND o.seq IS NULL THEN b.amount ELSE 0 END AS standing FROM lines b
    LEFT JOIN lines r ON r.kind = b.kind AND r.is_here AND r.undoes = b.entry_key
    LEFT JOIN lines o ON o.kind = b.kind AND o.is_here AND o.entry_key = b.undoes
    WHERE b.is_here
  ), booked AS (
    SELECT b.kind, b.reference, sum(b.amount) AS amount, array_agg(b.entry_key ORDER BY b.seq) AS entries,
           string_agg(b.hash, ',' ORDER BY b.seq) AS facts, bool_or(b.standing <> 0) AS has_standing,
           ROW(sum(greatest(b.amount, 0)), sum(least(b.amount, 0))) AS in_and_out,
           ROW(sum(greatest(b.standing, 0)), sum(least(b.standing, 0))) AS standing_in_and_out
    FROM here b GROUP BY b.kind, b.reference
  ), elsewhere AS (
    SELECT DISTINCT b.kind, b.reference FROM lines b WHERE NOT b.is_here
  )
  SELECT kind, reference, coalesce(s.lines, 0), s.amount, b.amount, coalesce(b.entries, '{}'),
         array_remove(ARRAY[
           CASE WHEN s.lines > 1 THEN 'duplicate-reference' END,
           CASE WHEN s.is_foreign THEN 'wrong-currency' END,
           CASE WHEN s.is_outside OR (s.lines > 0 AND b.amount IS NULL AND e.reference IS NOT NULL)
             THEN 'wrong-period' END,
           CASE WHEN s.lines > 0 AND b.amount IS NULL AND e.reference IS NULL THEN 'missing-in-books' END,
           CASE WHEN s.lines IS NULL AND b.has_standing THEN 'missing-in-statement' END,
           CASE WHEN s.in_and_out NOT IN (b.in_and_out, b.standing_in_and_out) AND NOT s.is_foreign
             THEN 'amount-differs' END
         ], NULL),
         encode(sha256(convert_to(concat_ws(E'\n', kind, reference, 'statement ' || coalesce(s.facts, ''),
                                            'books ' || coalesce(b.facts, ''),
                                            'elsewhere ' || (e.reference IS NOT NULL)), 'UTF8')), 'hex')
  FROM stated s FULL JOIN booked b USING (kind, reference) LEFT JOIN elsewhere e USING (kind, reference);
$$;

-- What differs, with the explanation that holds for it.
CREATE FUNCTION listed_differences(p_program integer, p_period text, p_first date, p_last date)
RETURNS TABLE (kind text, reference text, difference text, statement_lines integer, statement_amount numeric,
               book_amount numeric, book_entries text[], facts_hash text, explanation_no bigint, note text,
               explained_by text, explained_at timestamptz)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT c.kind, c.reference, d.difference, c.statement_lines, c.statement_amount, c.book_amount, c.book_entries,
         c.facts_hash,
         x.explanation_no, x.note, x.actor, x.at
  FROM compared(p_program, p_period, p_first, p_last) c
  CROSS JOIN LATERAL unnest(c.differences) AS d (difference)
  LEFT JOIN difference_explanation x ON x.program_id = p_program AND x.period = p_period AND x.kind = c.kind
   AND x.reference = c.reference AND x.difference = d.difference AND x.facts_hash = c.facts_hash;
$$;

-- The reconciliation status of a period. The hash is over all that was compared: files, references with their facts,
-- explanations.
CREATE FUNCTION reconciliation_state(p_program integer, p_period text, p_first date, p_last date)
RETURNS TABLE (imports integer, matched integer, open integer, explained integer, hash text)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  WITH files AS (
    SELECT count(*)::integer AS n,
           string_agg(concat_ws(E'\t', i.kind, i.source, i.file_hash, i.signs_reversed), E'\n'
                      ORDER BY i.kind, i.source) AS text
    FROM current_imports(p_program, p_period) i
  ), refs AS (
    SELECT count(*) FILTER (WHERE c.differences = '{}')::integer AS matched,
           string_agg(concat_ws(E'\t', c.kind, c.reference, c.facts_hash, c.differences), E'\n'
                      ORDER BY c.kind, c.reference) AS text
    FROM compared(p_program, p_period, p_first, p_last) c
  ), diffs AS (
    SELECT count(*) FILTER (WHERE d.explanation_no IS NULL)::integer AS open,
           count(d.explanation_no)::integer AS explained,
           string_agg(concat_ws(E'\t', d.kind, d.reference, d.difference, d.explained_by, d.note), E'\n'
                      ORDER BY d.kind, d.reference, d.difference) FILTER (WHERE d.explanation_no IS NOT NULL) AS text
    FROM listed_differences(p_program, p_period, p_first, p_last) d
  )
  SELECT f.n, r.matched, d.open, d.explained,
         encode(sha256(convert_to(concat_ws(E'\n\n', p.slug || ' ' || p_period, coalesce(f.text, ''),
                                            coalesce(r.text, ''), coalesce(d.text, '')),
                                  'UTF8')), 'hex')
  FROM files f, refs r, diffs d, program p WHERE p.program_id = p_program;
$$;

-- Takes a file in, whole. The same file again changes nothing, also where a newer one has replaced it.
CREATE FUNCTION import_statement(
  p_program integer, p_period text, p_kind text, p_source text, p_file_hash text, p_signs_reversed boolean,
  p_lines integer[], p_references text[], p_amounts text[], p_currencies text[], p_dates text[], p_key_hash text
) RETURNS TABLE (import_id bigint, created boolean, is_current boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor       text := actor_of(p_key_hash, 'operate', p_program);
  stored_import bigint;
  is_new        boolean := false;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT i.import_id INTO stored_import FROM statement_import i
  WHERE i.program_id = p_program AND i.period = p_period AND i.kind = p_kind AND i.source = p_source
    AND i.file_hash = p_file_hash AND i.signs_reversed = p_signs_reversed;
  IF stored_import IS NULL THEN
    is_new := true;
    INSERT INTO statement_import (program_id, period, kind, source, file_hash, signs_reversed, line_count, imported_by)
    VALUES (p_program, p_period, p_kind, p_source, p_file_hash, p_signs_reversed, cardinality(p_lines), p_actor)
    RETURNING statement_import.import_id INTO stored_import;
    INSERT INTO statement_line (program_id, import_id, line, reference, amount, currency, dated)
    SELECT p_program, stored_import, r.line, r.reference,
           CASE WHEN p_signs_reversed THEN -r.amount::numeric ELSE r.amount::numeric END, r.currency, r.dated::date
    FROM unnest(p_lines, p_references, p_amounts, p_currencies, p_dates)
      AS r (line, reference, amount, currency, dated);
  END IF;
  RETURN QUERY SELECT stored_import, is_new,
    EXISTS (SELECT 1 FROM current_imports(p_program, p_period) c WHERE c.import_id = stored_import);
END $$;

-- Explains the differences of a reference, or one of them. Returns how many were open until now.
CREATE FUNCTION explain_difference(
  p_program integer, p_period text, p_first date, p_last date, p_kind text, p_reference text, p_difference text,
  p_note text, p_key_hash text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor    text := actor_of(p_key_hash, 'operate', p_program);
  n_resolved integer;
BEGIN
  PERFORM assert_dates(p_program, p_period, p_first, p_last);
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  IF NOT EXISTS (
    SELECT 1 FROM compared(p_program, p_period, p_first, p_last) c
    WHERE c.kind = p_kind AND c.reference = p_reference AND c.differences <> '{}'
      AND (p_difference IS NULL OR p_difference = ANY (c.differences))
  ) THEN
    PERFORM refuse('difference-unknown', format('Nothing differs for reference %s in %s of %s%s.',
                                                p_reference, p_kind, p_period,
                                                coalesce(' (' || p_difference || ')', '')));
  END IF;
  INSERT INTO difference_explanation (program_id, period, kind, reference, difference, facts_hash, note, actor)
  SELECT p_program, p_period, d.kind, d.reference, d.difference, d.facts_hash, p_note, p_actor
  FROM listed_differences(p_program, p_period, p_first, p_last) d
  WHERE d.kind = p_kind AND d.reference = p_reference AND (p_difference IS NULL OR d.difference = p_difference)
    AND d.explanation_no IS NULL;
  GET DIAGNOSTICS n_resolved = ROW_COUNT;
  RETURN n_resolved;
END $$;

-- Marks a period reconciled, if nothing is open and it is what the person saw. The same mark again changes nothing.
CREATE FUNCTION mark_reconciled(
  p_program integer, p_period text, p_first date, p_last date, p_hash text, p_note text, p_key_hash text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor   text := actor_of(p_key_hash, 'approve', p_program);
  found_now record;
BEGIN
  PERFORM assert_dates(p_program, p_period, p_first, p_last);
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO STRICT found_now FROM reconciliation_state(p_program, p_period, p_first, p_last);
  IF found_now.hash <> p_hash THEN
    PERFORM refuse('reconciliation-changed', format(
      'What is compared for %s has changed since; look at it again.', p_period));
  END IF;
  IF found_now.imports = 0 THEN
    PERFORM refuse('statement-missing', format(
      'No statement is imported for %s; there is nothing to compare the books with.', p_period));
  END IF;
  IF found_now.open > 0 THEN
    PERFORM refuse('differences-open', format(
      '%s differences of %s are open; resolve each, then mark it.', found_now.open, p_period));
  END IF;
  IF (SELECT m.hash FROM reconciliation_mark m WHERE m.program_id = p_program AND m.period = p_period
      ORDER BY m.mark_no DESC LIMIT 1) IS NOT DISTINCT FROM p_hash THEN
    RETURN false;
  END IF;
  INSERT INTO reconciliation_mark (program_id, period, hash, matched, explained, note, actor)
  VALUES (p_program, p_period, p_hash, found_now.matched, found_now.explained, p_note, p_actor);
  RETURN true;
END $$;
