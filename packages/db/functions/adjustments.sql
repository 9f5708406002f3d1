-- Adjustments, reversals and cash.

-- Moves money between a creator and the platform. Positive amounts; `adjustment` may be negative.
--   adjustment  rewards-expense → payable
--   clawback    payable first, then held, the rest out of payable, which may become negative → recovered
--   write-off   write-off → payable, as far as the creator owes more than what is held
--   unclaimed   payable → unclaimed, as far as there is any
CREATE FUNCTION post_adjustment(
  p_program integer, p_kind text, p_creator text, p_amount text, p_reason text, p_reference text, p_effective date, p_key_hash text
) RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate') END;
  the_key     text := 'adjustment:' || p_reference;
  the_payable text := payable_account(p_creator);
  the_sum     given_amount := p_amount;
  known       journal_entry;
  request     approval_request;
  payable     numeric;
  held        numeric;
  from_held   numeric;
  details     jsonb;
BEGIN
  PERFORM lock_books(p_program);
  details := jsonb_build_object('creator', p_creator, 'amount', p_amount, 'reason', p_reason, 'reference', p_reference);
  SELECT * INTO known FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key;
  IF known.seq IS NOT NULL THEN
    PERFORM assert_not_reversed(p_program, the_key);
    IF known.kind <> p_kind OR known.details::jsonb - 'by' - 'approvedBy' <> details THEN
      PERFORM refuse('reference-conflict', format('Reference %s is already used by another adjustment; use another reference.', p_reference));
    END IF;
    RETURN QUERY SELECT the_key, false;
    RETURN;
  END IF;
  PERFORM assert_creator(p_program, p_creator);
  IF the_sum = 0 OR (the_sum < 0 AND p_kind <> 'adjustment') OR p_kind NOT IN ('adjustment', 'clawback', 'write-off', 'unclaimed') THEN
    PERFORM refuse('bad-adjustment', 'Give an amount above zero; only an adjustment may be negative.');
  END IF;
  request := assert_approved(p_program, 'adjustments', 'adjustment', the_key, jsonb_build_object(
    'kind', p_kind, 'creatorId', p_creator, 'amount', p_amount, 'reason', p_reason, 'reference', p_reference));
  payable := -balance_of(p_program, the_payable, p_creator);
  held := -balance_of(p_program, left(the_payable, -7) || 'held', p_creator);
  IF p_kind = 'write-off' AND the_sum > -(payable + held) THEN
    PERFORM refuse('bad-adjustment', format('Creator %s owes %s beyond the %s that is held; no more can be written off.',
                                            p_creator, greatest(-(payable + held), 0), held));
  ELSIF p_kind = 'unclaimed' AND the_sum > payable THEN
    PERFORM refuse('bad-adjustment', format('Creator %s has %s; no more can be unclaimed.', p_creator, greatest(payable, 0)));
  END IF;
  from_held := CASE WHEN p_kind = 'clawback' THEN least(greatest(held, 0), the_sum - least(the_sum, greatest(payable, 0))) ELSE 0 END;
  PERFORM post_lines(p_program, the_key, p_kind, p_effective,
    details || jsonb_build_object('by', doer(p_actor, request), 'approvedBy', request.decided_by), NULL,
    CASE p_kind WHEN 'clawback' THEN ARRAY[p_creator, p_creator, ''] WHEN 'unclaimed' THEN ARRAY[p_creator, ''] ELSE ARRAY['', p_creator] END,
    CASE p_kind
      WHEN 'adjustment' THEN ARRAY['platform:rewards-expense', the_payable]
      WHEN 'clawback' THEN ARRAY[the_payable, left(the_payable, -7) || 'held', 'platform:recovered']
      WHEN 'write-off' THEN ARRAY['platform:write-off', the_payable]
      WHEN 'unclaimed' THEN ARRAY[the_payable, 'platform:unclaimed'] END,
    CASE p_kind WHEN 'clawback' THEN ARRAY[the_sum - from_held, from_held, -the_sum] ELSE ARRAY[the_sum, -the_sum] END);
  IF from_held > 0 THEN
    PERFORM claw_holdbacks(p_program, p_creator, the_key, from_held);
  END IF;
  RETURN QUERY SELECT the_key, true;
END $$;

-- Reverses an entry with negated postings, once. Closes and what payout runs posted are undone by other means.
CREATE FUNCTION reverse_entry(p_program integer, p_key text, p_reason text, p_effective date, p_key_hash text)
RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate') END;
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
  IF is_reversed(p_program, p_key) THEN
    RETURN QUERY SELECT the_key, false;
    RETURN;
  END IF;
  IF original.kind NOT IN ('adjustment', 'clawback', 'write-off', 'unclaimed', 'receipt', 'funding', 'tax-remittance') THEN
    PERFORM refuse('not-reversible', CASE original.kind
      WHEN 'close' THEN 'A close is never reversed: correct revenue in a later period, or adjust creators.'
      WHEN 'revenue' THEN 'Revenue is corrected by another booking that names the entry it corrects.'
      WHEN 'reversal' THEN 'A reversal is not reversed: post it again under a new reference.'
      ELSE format('Entry %s has the kind %s, which is not reversed: payouts are returned, holdbacks released.', p_key, original.kind) END);
  END IF;
  request := assert_approved(p_program, 'adjustments', 'reversal', the_key, jsonb_build_object('entryKey', p_key, 'reason', p_reason));
  the_entry := begin_entry();
  INSERT INTO posting_line (program_id, entry_id, line, creator_id, account, amount)
  SELECT p.program_id, the_entry, p.line, p.creator_id, p.account, -p.amount FROM posting_line p
  WHERE p.program_id = p_program AND p.entry_id = original.entry_id;
  PERFORM post_entry(p_program, the_entry, the_key, 'reversal', p_effective,
    jsonb_build_object('reason', p_reason, 'by', doer(p_actor, request), 'approvedBy', request.decided_by), p_key);
  IF original.kind = 'clawback' THEN
    PERFORM restore_holdbacks(p_program, p_key);
  END IF;
  RETURN QUERY SELECT the_key, true;
END $$;

-- Money that came in: `receipt` (cash → ad-receivable) of advertising revenue, or `funding` (cash → funding).
CREATE FUNCTION book_cash(p_program integer, p_kind text, p_amount text, p_reference text, p_note text, p_effective date, p_key_hash text)
RETURNS TABLE (entry_key text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor text := actor_of(p_key_hash, 'operate');
  the_key text := p_kind || ':' || p_reference;
  the_sum given_amount := p_amount;
  known   journal_entry;
BEGIN
  PERFORM lock_books(p_program);
  SELECT * INTO known FROM journal_entry e WHERE e.program_id = p_program AND e.entry_key = the_key;
  IF known.seq IS NOT NULL THEN
    PERFORM assert_not_reversed(p_program, the_key);
    IF (known.details::jsonb ->> 'amount', known.details::jsonb ->> 'reason') IS DISTINCT FROM (p_amount, p_note) THEN
      PERFORM refuse('reference-conflict', format('Reference %s is already booked, over %s%s; use another reference.', p_reference,
                                                  known.details::jsonb ->> 'amount', coalesce(', for ' || (known.details::jsonb ->> 'reason'), '')));
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
