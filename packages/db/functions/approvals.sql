-- What needs a second person, and its approval.

-- Whether a policy asks a second person for this: that of the last close, or one that holds for a period after it. So
-- listing takes effect immediately; what is taken off ends with the first close under the policy that no longer lists
-- it.
CREATE FUNCTION needs_approval(p_program integer, p_what text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(bool_or(v.policy::jsonb -> 'approvals' ? p_what), false)
  FROM policy_version v
  LEFT JOIN LATERAL (
    SELECT * FROM close c WHERE c.program_id = v.program_id ORDER BY c.close_no DESC LIMIT 1
  ) AS last_close ON true
  WHERE v.program_id = p_program AND (
    v.version = last_close.policy_version
    OR ((last_close.period IS NULL OR v.valid_from > last_close.period)
        AND v.version = policy_at(p_program, coalesce(v.valid_from, ''))));
$$;

-- Asks for a second person. The same again, while it waits, is that request.
CREATE FUNCTION request_approval(p_program integer, p_kind text, p_key text, p_payload text, p_key_hash text)
RETURNS TABLE (request_no integer, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor         text := actor_of(p_key_hash, 'operate', p_program);
  open_request    approval_request;
  next_request_no integer;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO open_request FROM approval_request a
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.status IN ('pending', 'approved');
  IF open_request.request_no IS NOT NULL THEN
    IF open_request.payload <> p_payload THEN
      PERFORM refuse('reference-conflict', format(
        '%s is already asked for with other contents, as request %s.', p_key, open_request.request_no));
    END IF;
    RETURN QUERY SELECT open_request.request_no, false;
    RETURN;
  END IF;
  SELECT coalesce(max(a.request_no), 0) + 1 INTO next_request_no FROM approval_request a WHERE a.program_id = p_program;
  INSERT INTO approval_request (program_id, request_no, kind, request_key, payload, payload_hash, status, requested_by)
  VALUES (p_program, next_request_no, p_kind, p_key, p_payload, encode(sha256(convert_to(p_payload, 'UTF8')), 'hex'),
          'pending', p_actor);
  RETURN QUERY SELECT next_request_no, true;
END $$;

-- Decides a request, once; the same decision again changes nothing. The hash says what was looked at.
CREATE FUNCTION decide_request(
  p_program integer, p_request integer, p_approve boolean, p_payload_hash text, p_note text, p_key_hash text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor       text := actor_of(p_key_hash, 'approve', p_program);
  request_found approval_request;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO request_found FROM approval_request a WHERE a.program_id = p_program AND a.request_no = p_request;
  IF request_found.request_no IS NULL THEN
    PERFORM refuse('request-unknown', format('There is no request %s.', p_request));
  ELSIF p_payload_hash IS NOT NULL AND p_payload_hash <> request_found.payload_hash THEN
    PERFORM refuse('request-changed', format(
      'Request %s has the hash %s, not %s: read it again before you decide.',
      p_request, request_found.payload_hash, p_payload_hash));
  ELSIF request_found.status <> 'pending' THEN
    IF p_approve <> (request_found.status <> 'rejected') THEN
      PERFORM refuse('request-decided', format(
        'Request %s is %s by %s.', p_request, request_found.status, request_found.decided_by));
    END IF;
    RETURN false;
  ELSIF p_approve THEN
    PERFORM assert_second_person(request_found.requested_by, p_actor, format('request %s', p_request));
  END IF;
  -- Whoever asked may withdraw it: that is a rejection without decided_by.
  UPDATE approval_request SET status = CASE WHEN p_approve THEN 'approved' ELSE 'rejected' END,
    decided_by = CASE WHEN request_found.requested_by <> p_actor THEN p_actor END,
    decided_at = clock_timestamp(), note = p_note
  WHERE program_id = p_program AND request_no = p_request;
  RETURN true;
END $$;

-- Records the outcome of an approved request that is not used up: it failed, or there was nothing left to do.
CREATE FUNCTION finish_request(p_program integer, p_request integer, p_failed boolean, p_outcome text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE approval_request SET status = CASE WHEN p_failed THEN 'failed' ELSE 'executed' END, outcome = p_outcome
  WHERE program_id = p_program AND request_no = p_request AND status = 'approved';
$$;

-- In whose name something is done: of whoever asked for it where it was approved, else of the key that came with it.
-- Without a key only what was approved is done.
CREATE FUNCTION doer(p_actor text, p_request approval_request) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF p_actor IS NULL AND p_request.request_no IS NULL THEN
    PERFORM refuse('approval-needed', 'Without a key only what was approved is done: ask for its approval first.');
  END IF;
  RETURN coalesce(p_request.requested_by, p_actor);
END $$;

-- The approved request that says exactly what is done, used up by it in the same transaction; refused if one is needed
-- and missing. Called with the program's head row locked. The payload is made from what is done and not given by the
-- caller.
CREATE FUNCTION use_approval(
  p_program integer, p_kind text, p_key text, p_payload text, p_needed boolean, p_outcome text
) RETURNS approval_request
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  used_request approval_request;
BEGIN
  UPDATE approval_request a SET status = 'executed', outcome = p_outcome
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.payload = p_payload
    AND a.status = 'approved'
  RETURNING a.* INTO used_request;
  IF used_request.request_no IS NULL AND p_needed THEN
    PERFORM refuse('approval-needed', format('%s needs a second person: ask for its approval first.', p_key));
  END IF;
  RETURN used_request;
END $$;

-- The same for a payload that is a flat object of texts. p_outcome: the key of what comes of it, where it is not p_key.
CREATE FUNCTION assert_approved(
  p_program integer, p_what text, p_kind text, p_key text, p_done jsonb, p_outcome text DEFAULT NULL
) RETURNS approval_request
LANGUAGE sql SET search_path = rewardbook, pg_temp AS $$
  SELECT use_approval(p_program, p_kind, p_key, canonical_details(p_done), needs_approval(p_program, p_what),
                      coalesce(p_outcome, p_key));
$$;
