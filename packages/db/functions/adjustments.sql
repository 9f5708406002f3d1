-- Adjustments, reversals and cash.

-- Moves money between a creator and the platform. Positive amounts; `adjustment` may be negative.
--   adjustment  rewards-expense → payable
--   clawback    payable first, then held, the rest out of payable, which may become negative → recovered
--   write-off   write-off → payable, as far as the creator owes more than what is held
--   unclaimed   payable → unclaimed, as far as there is any
CREATE FUNCTION post_adjustment(
  p_program integer, p_kind text, p_creator text, p_amount text, p_reason text, p_reference text, p_effective date,
  p_key_hash text
) RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor        text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate', p_program) END;
  adjustment_key text := 'adjustment:' || p_reference;
  payable_code   text := payable_account(p_creator);
  amount_given   given_amount := p_amount;
  entry_found    journal_entry;
  request        approval_request;
  payable_amount numeric;
  held_amount    numeric;
  from_held      numeric;
  details        jsonb;
BEGIN
  PERFORM lock_books(p_program);
  details := jsonb_build_object('creator', p_creator, 'amount', p_amount, 'reason', p_reason, 'reference', p_reference);
  SELECT * INTO entry_found FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = adjustment_key;
  IF entry_found.seq IS NOT NULL THEN
    PERFORM assert_not_reversed(p_program, adjustment_key);
    IF entry_found.kind <> p_kind OR entry_found.details::jsonb - 'by' - 'approvedBy' <> details THEN
      PERFORM refuse('reference-conflict', format(
        'Reference %s is already used by another adjustment; use another reference.', p_reference));
    END IF;
    RETURN QUERY SELECT adjustment_key, false;
    RETURN;
  END IF;
  PERFORM assert_creator(p_program, p_creator);
  IF amount_given = 0 OR (amount_given < 0 AND p_kind <> 'adjustment')
    OR p_kind NOT IN ('adjustment', 'clawback', 'write-off', 'unclaimed') THEN
    PERFORM refuse('bad-adjustment', 'Give an amount above zero; only an adjustment may be negative.');
  END IF;
  request := assert_approved(p_program, 'adjustments', 'adjustment', adjustment_key, jsonb_build_object(
    'kind', p_kind, 'creatorId', p_creator, 'amount', p_amount, 'reason', p_reason, 'reference', p_reference));
  payable_amount := -balance_of(p_program, payable_code, p_creator);
  held_amount := -balance_of(p_program, left(payable_code, -7) || 'held', p_creator);
  IF p_kind = 'write-off' AND amount_given > -(payable_amount + held_amount) THEN
    PERFORM refuse('bad-adjustment', format(
      'Creator %s owes %s beyond the %s that is held; no more can be written off.',
      p_creator, greatest(-(payable_amount + held_amount), 0), held_amount));
  ELSIF p_kind = 'unclaimed' AND amount_given > payable_amount THEN
    PERFORM refuse('bad-adjustment', format(
      'Creator %s has %s; no more can be unclaimed.', p_creator, greatest(payable_amount, 0)));
  END IF;
  from_held := CASE WHEN p_kind = 'clawback'
                    THEN least(greatest(held_amount, 0),
                               amount_given - least(amount_given, greatest(payable_amount, 0)))
                    ELSE 0 END;
  PERFORM post_lines(p_program, adjustment_key, p_kind, p_effective,
    details || jsonb_build_object('by', doer(p_actor, request), 'approvedBy', request.decided_by), NULL,
    CASE p_kind
      WHEN 'clawback' THEN ARRAY[p_creator, p_creator, '']
      WHEN 'unclaimed' THEN ARRAY[p_creator, '']
      ELSE ARRAY['', p_creator] END,
    CASE p_kind
      WHEN 'adjustment' THEN ARRAY['platform:rewards-expense', payable_code]
      WHEN 'clawback' THEN ARRAY[payable_code, left(payable_code, -7) || 'held', 'platform:recovered']
      WHEN 'write-off' THEN ARRAY['platform:write-off', payable_code]
      WHEN 'unclaimed' THEN ARRAY[payable_code, 'platform:unclaimed'] END,
    CASE p_kind
      WHEN 'clawback' THEN ARRAY[amount_given - from_held, from_held, -amount_given]
      ELSE ARRAY[amount_given, -amount_given] END);
  IF from_held > 0 THEN
    PERFORM claw_holdbacks(p_program, p_creator, adjustment_key, from_held);
  END IF;
  RETURN QUERY SELECT adjustment_key, true;
END $$;

-- Reverses an entry with negated postings, once. Closes and what payout runs posted are undone by other means.
CREATE FUNCTION reverse_entry(p_program integer, p_key text, p_reason text, p_effective date, p_key_hash text)
RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor      text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate', p_program) END;
  reversal_key text := 'reversal:' || p_key;
  original     journal_entry;
  request      approval_request;
  new_entry_id bigint;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO original FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = p_key;
  IF original.seq IS NULL THEN
    PERFORM refuse('entry-unknown', format('There is no entry %s.', p_key));
  END IF;
  IF is_reversed(p_program, p_key) THEN
    RETURN QUERY SELECT reversal_key, false;
    RETURN;
  END IF;
  IF original.kind NOT IN (
    'adjustment', 'clawback', 'write-off', 'unclaimed', 'receipt', 'funding', 'tax-remittance'
  ) THEN
    PERFORM refuse('not-reversible', CASE original.kind
      WHEN 'close' THEN 'A close is never reversed: correct revenue in a later period, or adjust creators.'
      WHEN 'revenue' THEN 'Revenue is corrected by another booking that names the entry it corrects.'
      WHEN 'reversal' THEN 'A reversal is not reversed: post it again under a new reference.'
      ELSE format('Entry %s has the kind %s, which is not reversed: payouts are returned, holdbacks released.',
                  p_key, original.kind) END);
  END IF;
  request := assert_approved(p_program, 'adjustments', 'reversal', reversal_key,
                             jsonb_build_object('entryKey', p_key, 'reason', p_reason));
  new_entry_id := begin_entry();
  INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
  SELECT p.program_id, new_entry_id, p.line, p.creator_id, p.account, -p.amount FROM posting_line p
  WHERE p.program_id = p_program AND p.entry_id = original.entry_id;
  PERFORM post_entry(p_program, new_entry_id, reversal_key, 'reversal', p_effective,
    jsonb_build_object('reason', p_reason, 'by', doer(p_actor, request), 'approvedBy', request.decided_by), p_key);
  IF original.kind = 'clawback' THEN
    PERFORM restore_holdbacks(p_program, p_key);
  END IF;
  RETURN QUERY SELECT reversal_key, true;
END $$;

-- Money that came in: `receipt` (cash → ad-receivable) of advertising revenue, or `funding` (cash → funding).
CREATE FUNCTION book_cash(
  p_program integer, p_kind text, p_amount text, p_reference text, p_note text, p_effective date, p_key_hash text
) RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor      text := actor_of(p_key_hash, 'operate', p_program);
  cash_key     text := p_kind || ':' || p_reference;
  amount_given given_amount := p_amount;
  entry_found  journal_entry;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO entry_found FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = cash_key;
  IF entry_found.seq IS NOT NULL THEN
    PERFORM assert_not_reversed(p_program, cash_key);
    IF (entry_found.details::jsonb ->> 'amount', entry_found.details::jsonb ->> 'reason')
      IS DISTINCT FROM (p_amount, p_note) THEN
      PERFORM refuse('reference-conflict', format(
        'Reference %s is already booked, over %s%s; use another reference.', p_reference,
        entry_found.details::jsonb ->> 'amount', coalesce(', for ' || (entry_found.details::jsonb ->> 'reason'), '')));
    END IF;
    RETURN QUERY SELECT cash_key, false;
    RETURN;
  END IF;
  IF amount_given <= 0 OR p_kind NOT IN ('receipt', 'funding') THEN
    PERFORM refuse('bad-adjustment', 'Give an amount above zero; reverse an entry to take it back.');
  END IF;
  PERFORM post_lines(p_program, cash_key, p_kind, p_effective,
    jsonb_build_object('amount', p_amount, 'reference', p_reference, 'reason', p_note, 'by', p_actor), NULL,
    ARRAY['', ''],
    ARRAY['platform:cash', CASE p_kind WHEN 'receipt' THEN 'platform:ad-receivable' ELSE 'platform:funding' END],
    ARRAY[amount_given, -amount_given]);
  RETURN QUERY SELECT cash_key, true;
END $$;
