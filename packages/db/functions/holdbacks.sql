-- What is held back of all that a close gives, after each close, and its release. Whatever else touches
-- balances first calls `lock_books`.

-- Posts an entry that moves money between accounts of the same creators: the amounts on its odd lines, all of one
-- account, go to the other on the even ones. Returns its key, or null where there is nothing to move.
CREATE FUNCTION post_moves(
  p_program integer, p_entry bigint, p_kind text, p_period text, p_effective date, p_from text, p_to text
) RETURNS text
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off SET enable_nestloop = off AS $$
DECLARE
  moves_key text := p_kind || ':' || p_period;
BEGIN
  INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
  SELECT p_program, p_entry, p.line + 1, p.creator_id, left(p.account, -length(p_from)) || p_to, -p.amount
  FROM posting_line p WHERE p.program_id = p_program AND p.entry_id = p_entry;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM post_entry(p_program, p_entry, moves_key, p_kind, p_effective, jsonb_build_object('period', p_period), NULL);
  RETURN moves_key;
END $$;

-- Takes a clawback's part out of a creator's holdbacks, the newest first: the oldest are released in full as long as
-- there is enough. The caller holds the program's head row, and posts the entry.
CREATE FUNCTION claw_holdbacks(p_program integer, p_creator text, p_key text, p_amount numeric) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  INSERT INTO holdback_clawback (program_id, entry_key, creator_id, close_no, amount)
  SELECT p_program, p_key, p_creator, h.close_no, least(h.kept, p_amount - h.newer)
  FROM (
    SELECT close_no, kept, sum(kept) OVER (ORDER BY close_no DESC) - kept AS newer FROM holdback
    WHERE program_id = p_program AND creator_id = p_creator AND kept > 0
  ) AS h WHERE h.newer < p_amount;
  UPDATE holdback h SET kept = h.kept - c.amount FROM holdback_clawback c
  WHERE c.program_id = p_program AND c.entry_key = p_key
    AND h.program_id = c.program_id AND h.creator_id = c.creator_id AND h.close_no = c.close_no;
END $$;

-- Puts back what a clawback took, which was reversed. What is due of it goes out with the next release.
CREATE FUNCTION restore_holdbacks(p_program integer, p_key text) RETURNS void
LANGUAGE sql SET search_path = rewardbook, pg_temp AS $$
  UPDATE holdback h SET kept = h.kept + c.amount FROM holdback_clawback c
  WHERE c.program_id = p_program AND c.entry_key = p_key
    AND h.program_id = c.program_id AND h.creator_id = c.creator_id AND h.close_no = c.close_no;
$$;

-- Posts what is pending after closes, in their order: `holdback:<period>`, then `release:<period>` of all that is due
-- after that allocation and still kept. The caller holds the program's head row.
CREATE FUNCTION post_pending_holdbacks(p_program integer) RETURNS integer
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp SET jit = off SET enable_nestloop = off AS $$
DECLARE
  program_digits smallint;
  closed_period  record;
  new_entry_id   bigint;
  key_held       text;
  key_freed      text;
  closes_done    integer := 0;
BEGIN
  SELECT digits INTO STRICT program_digits FROM program WHERE program_id = p_program;
  FOR closed_period IN
    SELECT c.period, c.close_no, c.attempt_id, e.effective_at,
           (v.policy::jsonb #>> '{payout,holdback,share}')::numeric AS share,
           (v.policy::jsonb #>> '{payout,holdback,periods}')::integer AS periods
    FROM close c
    JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    JOIN journal_entry e ON e.program_id = c.program_id AND e.entry_key = c.entry_key
    WHERE c.program_id = p_program AND c.status = 'closed'
      AND NOT EXISTS (SELECT 1 FROM close_holdback h WHERE h.program_id = c.program_id AND h.close_no = c.close_no)
    ORDER BY c.close_no
  LOOP
    -- Not more than what is payable then: a debt is repaid first, and no holdback makes one.
    INSERT INTO holdback (program_id, creator_id, close_no, due_close, amount, kept)
    SELECT p_program, t.creator_id, closed_period.close_no, closed_period.close_no + closed_period.periods, t.amount,
           t.amount
    FROM (
      SELECT a.creator_id, least(trunc(a.amount * closed_period.share, program_digits), b.amount) AS amount
      FROM given_to(p_program, closed_period.attempt_id) a
      JOIN payable_balance b ON b.program_id = p_program AND b.creator_id = a.creator_id
      WHERE closed_period.share > 0
    ) AS t WHERE t.amount > 0;
    new_entry_id := begin_entry();
    INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
    SELECT p_program, new_entry_id, 2 * row_number() OVER (ORDER BY h.creator_id) - 1, h.creator_id,
           payable_account(h.creator_id), round(h.amount, program_digits)
    FROM holdback h
    WHERE h.program_id = p_program AND h.close_no = closed_period.close_no;
    key_held := post_moves(p_program, new_entry_id, 'holdback', closed_period.period, closed_period.effective_at,
                           'payable', 'held');

    new_entry_id := begin_entry();
    INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
    SELECT p_program, new_entry_id, 2 * row_number() OVER (ORDER BY h.creator_id) - 1, h.creator_id,
           left(payable_account(h.creator_id), -7) || 'held',
           round(sum(h.kept), program_digits)
    FROM holdback h
    WHERE h.program_id = p_program AND h.due_close <= closed_period.close_no AND h.kept > 0 GROUP BY h.creator_id;
    UPDATE holdback h SET kept = 0 WHERE h.program_id = p_program AND h.due_close <= closed_period.close_no
      AND h.kept > 0;
    key_freed := post_moves(p_program, new_entry_id, 'release', closed_period.period, closed_period.effective_at,
                            'held', 'payable');

    INSERT INTO close_holdback (program_id, close_no, held_key, release_key)
    VALUES (p_program, closed_period.close_no, key_held, key_freed);
    closes_done := closes_done + 1;
  END LOOP;
  RETURN closes_done;
END $$;

-- Takes the program's head row and brings the books up to date: after a close, nothing comes before its holdback and
-- release.
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
