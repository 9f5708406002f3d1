-- What needs a second person, and its approval.

-- What waits for a second person. The payload is what will be done, as canonical JSON.
--   pending → approved → executed or failed; pending → rejected
-- One request does nothing twice, and one that has ended does not count for another: to do the same again, ask again.
CREATE TABLE approval_request (
  program_id   integer NOT NULL REFERENCES program,
  request_no   integer NOT NULL,
  kind         text NOT NULL,
  request_key  text COLLATE "C" NOT NULL,  -- what is asked for: one request at a time waits for it
  payload      text NOT NULL,
  payload_hash text NOT NULL,
  status       text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'executed', 'failed')),
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  decided_by   text,
  decided_at   timestamptz,
  note         text,
  outcome      text,  -- key of what came of it, or why it failed
  PRIMARY KEY (program_id, request_no),
  CHECK (decided_by IS NULL OR decided_by <> requested_by)
);
CREATE UNIQUE INDEX approval_request_open ON approval_request (program_id, kind, request_key)
  WHERE status IN ('pending', 'approved');

-- Whether a policy asks a second person for this: that of the last close, or one that holds for a period after it. So listing takes
-- effect immediately; what is taken off ends with the first close under the policy that no longer lists it.
CREATE FUNCTION needs_approval(p_program integer, p_what text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(bool_or(v.policy::jsonb -> 'approvals' ? p_what), false)
  FROM policy_version v
  LEFT JOIN LATERAL (SELECT * FROM period c WHERE c.program_id = v.program_id ORDER BY c.close_no DESC LIMIT 1) AS last_close ON true
  WHERE v.program_id = p_program AND (
    v.version = last_close.policy_version
    OR ((last_close.period IS NULL OR v.valid_from > last_close.period) AND v.version = policy_at(p_program, coalesce(v.valid_from, ''))));
$$;

-- Asks for a second person. The same again, while it waits, is that request.
CREATE FUNCTION request_approval(p_program integer, p_kind text, p_key text, p_payload text, p_key_hash text)
RETURNS TABLE (request_no integer, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor text := actor_of(p_key_hash, 'operate');
  known  approval_request;
  the_no integer;
BEGIN
  PERFORM 1 FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO known FROM approval_request a
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.status IN ('pending', 'approved');
  IF known.request_no IS NOT NULL THEN
    IF known.payload <> p_payload THEN
      PERFORM refuse('reference-conflict', format('%s is already asked for with other contents, as request %s.', p_key, known.request_no));
    END IF;
    RETURN QUERY SELECT known.request_no, false;
    RETURN;
  END IF;
  SELECT coalesce(max(a.request_no), 0) + 1 INTO the_no FROM approval_request a WHERE a.program_id = p_program;
  INSERT INTO approval_request (program_id, request_no, kind, request_key, payload, payload_hash, status, requested_by)
  VALUES (p_program, the_no, p_kind, p_key, p_payload, encode(sha256(convert_to(p_payload, 'UTF8')), 'hex'), 'pending', p_actor);
  RETURN QUERY SELECT the_no, true;
END $$;

-- Decides a request, once; the same decision again changes nothing. The hash says what was looked at.
CREATE FUNCTION decide_request(p_program integer, p_request integer, p_approve boolean, p_payload_hash text, p_note text, p_key_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor text := actor_of(p_key_hash, 'approve');
  known approval_request;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  SELECT * INTO known FROM approval_request a WHERE a.program_id = p_program AND a.request_no = p_request;
  IF known.request_no IS NULL THEN
    PERFORM refuse('request-unknown', format('There is no request %s.', p_request));
  ELSIF p_payload_hash IS NOT NULL AND p_payload_hash <> known.payload_hash THEN
    PERFORM refuse('request-changed', format('Request %s has the hash %s, not %s: read it again before you decide.', p_request, known.payload_hash, p_payload_hash));
  ELSIF known.status <> 'pending' THEN
    IF p_approve <> (known.status <> 'rejected') THEN
      PERFORM refuse('request-decided', format('Request %s is %s by %s.', p_request, known.status, known.decided_by));
    END IF;
    RETURN false;
  ELSIF p_approve THEN
    PERFORM assert_second_person(known.requested_by, p_actor, format('request %s', p_request));
  END IF;
  -- Whoever asked may withdraw it: that is a rejection without decided_by.
  UPDATE approval_request SET status = CASE WHEN p_approve THEN 'approved' ELSE 'rejected' END,
    decided_by = CASE WHEN known.requested_by <> p_actor THEN p_actor END, decided_at = clock_timestamp(), note = p_note
  WHERE program_id = p_program AND request_no = p_request;
  RETURN true;
END $$;

-- Records the outcome of an approved request that is not used up: it failed, or there was nothing left to do.
CREATE FUNCTION finish_request(p_program integer, p_request integer, p_failed boolean, p_outcome text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE approval_request SET status = CASE WHEN p_failed THEN 'failed' ELSE 'executed' END, outcome = p_outcome
  WHERE program_id = p_program AND request_no = p_request AND status = 'approved';
$$;

-- In whose name something is done: of whoever asked for it where it was approved, else of the key that came with it. Without a key only
-- what was approved is done.
CREATE FUNCTION doer(p_actor text, p_request approval_request) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF p_actor IS NULL AND p_request.request_no IS NULL THEN
    PERFORM refuse('approval-needed', 'Without a key only what was approved is done: ask for its approval first.');
  END IF;
  RETURN coalesce(p_request.requested_by, p_actor);
END $$;

-- The approved request that says exactly what is done, used up by it in the same transaction; refused if one is needed and
-- missing. Called with the program's head row locked. The payload is made from what is done and not given by the caller.
CREATE FUNCTION use_approval(p_program integer, p_kind text, p_key text, p_payload text, p_needed boolean, p_outcome text) RETURNS approval_request
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  used approval_request;
BEGIN
  UPDATE approval_request a SET status = 'executed', outcome = p_outcome
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.payload = p_payload AND a.status = 'approved'
  RETURNING a.* INTO used;
  IF used.request_no IS NULL AND p_needed THEN
    PERFORM refuse('approval-needed', format('%s needs a second person: ask for its approval first.', p_key));
  END IF;
  RETURN used;
END $$;

-- The same for a payload that is a flat object of texts. p_outcome: the key of what comes of it, where it is not p_key.
CREATE FUNCTION assert_approved(p_program integer, p_what text, p_kind text, p_key text, p_done jsonb, p_outcome text DEFAULT NULL)
RETURNS approval_request
LANGUAGE sql SET search_path = rewardbook, pg_temp AS $$
  SELECT use_approval(p_program, p_kind, p_key, canonical_details(p_done), needs_approval(p_program, p_what), coalesce(p_outcome, p_key));
$$;

-- Takes out of a staged import what changes the payment details of creators who are registered or have money in the books, where that
-- needs a second person: what was found, with what is registered now; null where nothing was.
CREATE FUNCTION withhold_details(p_program integer, p_import bigint, p_version integer) RETURNS jsonb
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  found jsonb;
BEGIN
  IF NOT needs_approval(p_program, 'payees') THEN
    RETURN NULL;
  END IF;
  WITH changing AS (
    SELECT r.line, r.creator_id, r.tax_country, r.payee, r.account, c.tax_country AS old_country, c.payee AS old_payee, c.account AS old_account
    FROM creator_import_row r
    LEFT JOIN creators_at(p_program, p_version) c ON c.creator_id = r.creator_id
    WHERE r.import_id = p_import AND (c.tax_country, c.payee, c.account) IS DISTINCT FROM (r.tax_country, r.payee, r.account)
      AND (c.creator_id IS NOT NULL OR r.creator_id IN (
        SELECT b.creator_id FROM account_balance b WHERE b.program_id = p_program AND b.creator_id <> '' AND b.debit <> b.credit))
  ), kept AS (
    UPDATE creator_import_row r SET tax_country = g.old_country, payee = g.old_payee, account = g.old_account
    FROM changing g WHERE r.import_id = p_import AND r.line = g.line
  )
  SELECT jsonb_agg(jsonb_build_object(
      'creatorId', g.creator_id, 'taxCountry', g.tax_country, 'payee', g.payee, 'account', g.account,
      'before', jsonb_build_object('taxCountry', g.old_country, 'payee', g.old_payee, 'account', g.old_account)) ORDER BY g.creator_id)
  INTO found FROM changing g;
  IF jsonb_array_length(found) > 10000 THEN
    PERFORM refuse('too-many-details', format(
      'The import changes the payment details of %s creators, which needs a second person; send at most 10000 of them at once.', jsonb_array_length(found)));
  END IF;
  RETURN found;
END $$;

-- Changes payment details as an approved request says, which is used up by it. Refused where they are not what the request says that
-- they were. Returns what it is known by.
CREATE FUNCTION change_details(p_program integer, p_request integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  base    integer;
  asked   approval_request;
  changed integer;
BEGIN
  SELECT h.creators_version INTO STRICT base FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO asked FROM approval_request a
  WHERE a.program_id = p_program AND a.request_no = p_request AND a.kind = 'payees' AND a.status = 'approved';
  IF asked.request_no IS NULL THEN
    PERFORM refuse('approval-needed', format('Request %s is not an approved one for payment details.', p_request));
  END IF;
  INSERT INTO creator (program_id, creator_id, version, handle, country, joined_on, followers, viewer_ids, tax_country, payee, account)
  SELECT p_program, c.creator_id, base + 1, c.handle, c.country, c.joined_on, c.followers, c.viewer_ids, d.tax_country, d.payee, d.account
  FROM (
    SELECT j.d ->> 'creatorId' AS creator_id, j.d ->> 'taxCountry' AS tax_country, j.d ->> 'payee' AS payee, j.d ->> 'account' AS account,
           j.d -> 'before' AS before
    FROM jsonb_array_elements(asked.payload::jsonb -> 'creators') AS j (d)
  ) AS d
  JOIN creators_at(p_program, base) c ON c.creator_id = d.creator_id
   AND (c.tax_country, c.payee, c.account) IS NOT DISTINCT FROM (d.before ->> 'taxCountry', d.before ->> 'payee', d.before ->> 'account');
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF changed <> jsonb_array_length(asked.payload::jsonb -> 'creators') THEN
    PERFORM refuse('request-changed', format('Since request %s was made, other payment details were registered; ask again.', p_request));
  END IF;
  UPDATE program_head h SET creators_version = base + 1 WHERE h.program_id = p_program;
  RETURN (use_approval(p_program, 'payees', asked.request_key, asked.payload, true, 'creators version ' || base + 1)).outcome;
END $$;
