-- Balances: a checkpoint of all accounts up to an entry, and what was posted since. So an entry of a million lines
-- changes no balance row, every reader sees the exact balance with the entry, and a roll of the checkpoint serves many
-- entries.

-- Entries that are not in the checkpoint, and their postings. OFFSET 0: they are looked up, program by program and
-- entry by entry; the planner, which cannot know how few they are, would otherwise read the whole journal.
CREATE VIEW unrolled_entry AS
  SELECT h.program_id, e.seq, e.entry_id, e.kind, e.posting_count FROM program_head h CROSS JOIN LATERAL (
    SELECT * FROM journal_entry WHERE program_id = h.program_id AND seq > h.rolled_seq OFFSET 0
  ) AS e;
CREATE VIEW unrolled_line AS
  SELECT e.program_id, e.seq, l.creator_id, l.account, l.amount FROM unrolled_entry e CROSS JOIN LATERAL (
    SELECT * FROM posting_line WHERE program_id = e.program_id AND entry_id = e.entry_id OFFSET 0
  ) AS l;
CREATE VIEW unrolled_sheet AS
  SELECT e.program_id, e.seq, s.creator_ids, s.amounts FROM unrolled_entry e CROSS JOIN LATERAL (
    SELECT * FROM posting_sheet WHERE program_id = e.program_id AND entry_id = e.entry_id OFFSET 0
  ) AS s;
CREATE VIEW account_balance AS
  SELECT program_id, creator_id, account, sum(debit) AS debit, sum(credit) AS credit FROM (
    SELECT program_id, creator_id, account, debit, credit FROM balance_checkpoint
    UNION ALL
    SELECT program_id, creator_id, account, greatest(amount, 0), greatest(-amount, 0) FROM unrolled_line
    UNION ALL
    SELECT s.program_id, u.creator_id, payable_account(u.creator_id), greatest(u.amount, 0), greatest(-u.amount, 0)
    FROM unrolled_sheet s CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) AS u (creator_id, amount)
  ) AS part GROUP BY program_id, creator_id, account;

-- What creators may be paid: positive where it is owed to them. Sheets have payables alone.
CREATE VIEW payable_balance AS
  SELECT program_id, creator_id, sum(amount) AS amount FROM (
    SELECT program_id, creator_id, credit - debit AS amount FROM balance_checkpoint
    WHERE creator_id <> '' AND right(account, 8) = ':payable'
    UNION ALL
    SELECT program_id, creator_id, -amount FROM unrolled_line WHERE creator_id <> '' AND right(account, 8) = ':payable'
    UNION ALL
    SELECT s.program_id, u.creator_id, -u.amount
    FROM unrolled_sheet s CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) AS u (creator_id, amount)
  ) AS part GROUP BY program_id, creator_id;

-- Balances of the accounts of the creators from p_first to p_last (to the end: `last_creator()`; '': the platform's),
-- without reading other creators' sheets. The view's row, whose columns compare as bytes in a database of any
-- collation.
CREATE FUNCTION balances_between(p_program integer, p_first text, p_last text) RETURNS SETOF rewardbook.account_balance
LANGUAGE sql STABLE AS $$
  SELECT p_program, part.creator_id, part.account, sum(part.debit), sum(part.credit) FROM (
    SELECT c.creator_id, c.account, c.debit, c.credit FROM rewardbook.balance_checkpoint c
    WHERE c.program_id = p_program AND c.creator_id BETWEEN p_first AND p_last
    UNION ALL
    SELECT l.creator_id, l.account, greatest(l.amount, 0), greatest(-l.amount, 0)
    FROM rewardbook.unrolled_entry e CROSS JOIN LATERAL (
      SELECT * FROM rewardbook.posting_line
      WHERE program_id = e.program_id AND entry_id = e.entry_id AND creator_id BETWEEN p_first AND p_last OFFSET 0
    ) AS l WHERE e.program_id = p_program
    UNION ALL
    SELECT u.creator_id, rewardbook.payable_account(u.creator_id), greatest(u.amount, 0), greatest(-u.amount, 0)
    FROM rewardbook.unrolled_entry e CROSS JOIN LATERAL (
      SELECT s.creator_ids, s.amounts FROM rewardbook.posting_sheet s
      WHERE s.program_id = e.program_id AND s.entry_id = e.entry_id AND s.first_creator <= p_last
        AND s.first_creator >= coalesce((SELECT max(b.first_creator) FROM rewardbook.posting_sheet b
                                         WHERE b.program_id = e.program_id AND b.entry_id = e.entry_id
                                           AND b.first_creator <= p_first), p_first)
      OFFSET 0
    ) AS s CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) AS u (creator_id, amount)
    WHERE e.program_id = p_program AND e.kind IN ('close', 'payout') AND u.creator_id BETWEEN p_first AND p_last
  ) AS part GROUP BY part.creator_id, part.account;
$$;

-- An account's balance, debit positive: of one creator ('': the platform), by equality, which every index serves.
CREATE FUNCTION balance_of(p_program integer, p_account text, p_creator text DEFAULT '') RETURNS numeric
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(sum(part.amount), 0) FROM (
    SELECT debit - credit AS amount FROM balance_checkpoint
    WHERE program_id = p_program AND creator_id = p_creator AND account = p_account
    UNION ALL
    SELECT l.amount FROM unrolled_entry e CROSS JOIN LATERAL (
      SELECT * FROM posting_line
      WHERE program_id = e.program_id AND creator_id = p_creator AND entry_id = e.entry_id OFFSET 0
    ) AS l WHERE e.program_id = p_program AND l.account = p_account
    UNION ALL
    SELECT u.amount FROM unrolled_entry e CROSS JOIN LATERAL (
      SELECT s.creator_ids, s.amounts FROM posting_sheet s
      WHERE s.program_id = e.program_id AND s.entry_id = e.entry_id AND s.first_creator <= p_creator
      ORDER BY s.first_creator DESC LIMIT 1
    ) AS s CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) AS u (creator_id, amount)
    WHERE e.program_id = p_program AND e.kind IN ('close', 'payout') AND u.creator_id = p_creator
      AND p_account = payable_account(p_creator)
  ) AS part;
$$;

-- Programs whose checkpoint is to be rolled: it is read with what was posted since, so that is kept to a few times its
-- accounts, and to a thousand entries; one roll, which writes a row for each account that moved, covers all of these.
CREATE VIEW roll_due AS
  SELECT h.program_id FROM program_head h JOIN unrolled_entry e USING (program_id)
  GROUP BY h.program_id, h.rolled_accounts
  HAVING sum(e.posting_count) > greatest(1000, 2 * h.rolled_accounts) OR count(*) > 1000;

-- Brings the checkpoint up to the journal's last entry. This changes no balance: a reader sees the checkpoint and the
-- entries since, either both from before the roll or both from after it. Others can post meanwhile: the head row is
-- locked only at the end.
CREATE FUNCTION roll_balances(p_program integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
  rolled_until bigint;
  last_seq     bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('rewardbook.roll ' || p_program, 0));  -- one at a time
  SELECT h.rolled_seq, h.seq INTO STRICT rolled_until, last_seq FROM program_head h WHERE h.program_id = p_program;
  IF rolled_until > last_seq THEN
    RAISE EXCEPTION 'roll_balances: the checkpoint is at entry %, the journal ends with %', rolled_until, last_seq;
  ELSIF rolled_until = last_seq THEN
    RETURN;
  END IF;
  INSERT INTO balance_checkpoint AS c (program_id, creator_id, account, debit, credit)
  SELECT program_id, creator_id, account, sum(greatest(amount, 0)), sum(greatest(-amount, 0)) FROM (
    SELECT program_id, creator_id, account, amount FROM unrolled_line WHERE program_id = p_program AND seq <= last_seq
    UNION ALL
    SELECT s.program_id, u.creator_id, payable_account(u.creator_id), u.amount
    FROM unrolled_sheet s CROSS JOIN LATERAL unnest(s.creator_ids, s.amounts) AS u (creator_id, amount)
    WHERE s.program_id = p_program AND s.seq <= last_seq
  ) AS p GROUP BY program_id, creator_id, account ORDER BY creator_id, account
  ON CONFLICT (program_id, creator_id, account) DO UPDATE SET
    debit = c.debit + excluded.debit, credit = c.credit + excluded.credit;
  UPDATE program_head SET rolled_seq = last_seq,
    rolled_accounts = (SELECT count(*) FROM balance_checkpoint WHERE program_id = p_program)
  WHERE program_id = p_program;
END $$;
