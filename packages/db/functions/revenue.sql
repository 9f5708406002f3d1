-- Booking revenue.

-- Books revenue for a period that is not closing. The reference makes it idempotent: the same booking again is a no-op,
-- a different one under the same reference is refused.
CREATE FUNCTION book_revenue(
  p_program integer, p_period text, p_starts_at bigint, p_effective date, p_amount text, p_reference text,
  p_corrects text, p_key_hash text
) RETURNS TABLE (entry_key text, seq bigint, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor     text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate', p_program) END;
  revenue_key text := 'revenue:' || p_reference;
  booked      revenue;
  last_close  close;
  posted_seq  bigint;
  dates       record;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO booked FROM revenue r WHERE r.program_id = p_program AND r.reference = p_reference;
  IF booked.reference IS NOT NULL THEN
    IF (booked.period, booked.amount, booked.corrects) IS DISTINCT FROM (p_period, p_amount::numeric, p_corrects) THEN
      PERFORM refuse('reference-conflict', format(
        'Reference %s is already booked: %s for period %s%s. Use another reference for another booking.',
        p_reference, booked.amount, booked.period, coalesce(', correcting ' || booked.corrects, '')));
    END IF;
    RETURN QUERY SELECT e.entry_key, e.seq, false FROM journal_entry e
    WHERE e.program_id = p_program AND e.entry_key = revenue_key;
    RETURN;
  END IF;

  dates := dates_of(p_program, p_period);
  PERFORM assert_begins(dates.first_date, p_starts_at);
  IF (p_effective BETWEEN dates.first_date AND dates.last_date) IS NOT TRUE THEN
    RAISE EXCEPTION 'book_revenue: % is not in %', p_effective, p_period;
  END IF;
  SELECT * INTO last_close FROM close c WHERE c.program_id = p_program ORDER BY c.close_no DESC LIMIT 1;
  IF last_close.period IS NOT NULL AND p_period <= last_close.period COLLATE "C" THEN
    PERFORM refuse('period-closed', format(
      'The last period that is closing or closed is %s, so nothing can be booked for %s. Book a correction in a '
      'later period, naming the entry it corrects.',
      last_close.period, p_period));
  END IF;
  IF p_corrects IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = p_corrects AND e.kind = 'revenue'
  ) THEN
    PERFORM refuse('corrects-unknown', format('There is no revenue entry %s to correct.', p_corrects));
  END IF;

  p_actor := doer(p_actor, assert_approved(p_program, 'revenue', 'revenue', revenue_key,
    jsonb_build_object('period', p_period, 'amount', p_amount, 'reference', p_reference, 'corrects', p_corrects)));

  INSERT INTO revenue (program_id, reference, period, starts_at, amount, corrects, booked_by, entry_key)
  VALUES (p_program, p_reference, p_period, p_starts_at, p_amount::given_amount, p_corrects, p_actor, revenue_key);
  posted_seq := post_lines(p_program, revenue_key, 'revenue', p_effective,
    jsonb_build_object('period', p_period, 'reference', p_reference, 'corrects', p_corrects), p_corrects, ARRAY['', ''],
    ARRAY['platform:ad-receivable', 'platform:ad-revenue'], ARRAY[p_amount::numeric, -p_amount::numeric]);
  RETURN QUERY SELECT revenue_key, posted_seq, true;
END $$;
