-- Orders of long lists: made from rows that never change, and made good in one call, so that a list is sorted whole or
-- not at all. They decide nothing: each row that is read through them is read from its table.

-- Payout runs and closes whose order is to be kept: shorter ones are sorted in the time of a page.
CREATE VIEW sort_due AS
  SELECT d.program_id, d.list, d.list_no FROM (
    SELECT r.program_id, 'payouts' AS list, r.run_no::bigint AS list_no FROM payout_run r
    WHERE r.payout_count + r.waiting_count > 20000 AND r.status <> 'discarded'
    UNION ALL
    SELECT c.program_id, 'allocations', c.attempt_id FROM close c
    JOIN journal_entry e ON e.program_id = c.program_id AND e.entry_key = c.entry_key
    WHERE c.status = 'closed' AND e.posting_count > 20000
  ) AS d
  WHERE NOT EXISTS (
    SELECT 1 FROM sort_sheet s WHERE s.program_id = d.program_id AND s.list = d.list AND s.list_no = d.list_no);

-- Keeps the orders of a payout run (by net and available) or of a close's attempt (by amount and points).
-- False where they are kept already, or the close is not done.
CREATE FUNCTION keep_order(p_program integer, p_list text, p_no bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp SET jit = off SET work_mem = '128MB' AS $$
DECLARE
  sheet_rows constant integer := 500;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(format('rewardbook.sort %s %s %s', p_program, p_list, p_no), 0));
  PERFORM 1 FROM sort_sheet s WHERE s.program_id = p_program AND s.list = p_list AND s.list_no = p_no LIMIT 1;
  IF FOUND THEN
    RETURN false;
  END IF;
  -- Which creators a sheet has is what counts, not how they lie in it: a page sorts what it reads.
  INSERT INTO sort_sheet (program_id, list, list_no, sort, first_key, first_creator, creator_ids)
  SELECT p_program, p_list, p_no, k.sort, min(k.key),
         min(k.creator_id) FILTER (WHERE (k.place - 1) % sheet_rows = 0), array_agg(k.creator_id)
  FROM (
    SELECT 'net' AS sort, p.net AS key, p.creator_id, row_number() OVER (ORDER BY p.net, p.creator_id) AS place
    FROM payout p WHERE p_list = 'payouts' AND p.program_id = p_program AND p.run_no = p_no
    UNION ALL
    SELECT 'available', p.available, p.creator_id, row_number() OVER (ORDER BY p.available, p.creator_id)
    FROM payout p WHERE p_list = 'payouts' AND p.program_id = p_program AND p.run_no = p_no
    UNION ALL
    SELECT 'amount', a.amount, a.creator_id, row_number() OVER (ORDER BY a.amount, a.creator_id)
    FROM close c JOIN allocation a ON a.program_id = c.program_id AND a.attempt_id = c.attempt_id
    WHERE p_list = 'allocations' AND c.program_id = p_program AND c.attempt_id = p_no AND c.status = 'closed'
    UNION ALL
    SELECT 'points', a.points, a.creator_id, row_number() OVER (ORDER BY a.points, a.creator_id)
    FROM close c JOIN allocation a ON a.program_id = c.program_id AND a.attempt_id = c.attempt_id
    WHERE p_list = 'allocations' AND c.program_id = p_program AND c.attempt_id = p_no AND c.status = 'closed'
  ) AS k GROUP BY k.sort, (k.place - 1) / sheet_rows;
  RETURN FOUND;
END $$;
