-- What needs a second person, and its approval.

-- What waits for a second person. The payload is what will be done, as canonical JSON.
--   pending → approved → executed or failed; pending → rejected
CREATE TABLE approval_request (
  program_id   integer NOT NULL REFERENCES program,
  request_no   integer NOT NULL,
  kind         text NOT NULL,
  request_key  text COLLATE "C" NOT NULL,  -- natural key of what is asked for
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
  WHERE status IN ('pending', 'approved', 'executed');

-- Whether the policy in force asks a second person for this. Turning it on takes effect at once; turning it off with the first close
-- under the new policy, so that nobody turns it off for themselves.
CREATE FUNCTION needs_approval(p_program integer, p_what text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(bool_or(v.policy::jsonb -> 'approvals' ? p_what), false) FROM policy_version v
  WHERE v.program_id = p_program AND v.version IN (
    (SELECT max(n.version) FROM policy_version n WHERE n.program_id = p_program),
    (SELECT c.policy_version FROM period c WHERE c.program_id = p_program ORDER BY c.close_no DESC LIMIT 1));
$$;

-- Asks for a second person. The same request again, while it stands, is that request.
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
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.status IN ('pending', 'approved', 'executed');
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
  ELSIF p_approve AND known.requested_by = p_actor THEN
    PERFORM refuse('self-approval', format('%s asked for this; somebody else has to approve it.', p_actor));
  END IF;
  -- Whoever asked may take it back: that is a rejection by nobody else.
  UPDATE approval_request SET status = CASE WHEN p_approve THEN 'approved' ELSE 'rejected' END,
    decided_by = CASE WHEN known.requested_by <> p_actor THEN p_actor END, decided_at = clock_timestamp(), note = p_note
  WHERE program_id = p_program AND request_no = p_request;
  RETURN true;
END $$;

-- Notes what came of an approved request.
CREATE FUNCTION finish_request(p_program integer, p_request integer, p_failed boolean, p_outcome text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  UPDATE approval_request SET status = CASE WHEN p_failed THEN 'failed' ELSE 'executed' END, outcome = p_outcome
  WHERE program_id = p_program AND request_no = p_request AND status = 'approved';
$$;

-- Refuses what the policy in force wants a second person for, unless a request is approved that says the same, which it returns. p_key
-- null: under any key.
CREATE FUNCTION assert_asked(p_program integer, p_kind text, p_key text, p_says jsonb, p_amount numeric DEFAULT NULL) RETURNS approval_request
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known approval_request;
BEGIN
  SELECT * INTO known FROM approval_request a
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.status = 'approved' AND (p_key IS NULL OR a.request_key = p_key)
    AND a.payload::jsonb @> p_says AND (p_amount IS NULL OR (a.payload::jsonb ->> 'amount')::numeric = p_amount)
  ORDER BY a.request_no LIMIT 1;
  IF known.request_no IS NULL AND needs_approval(p_program, p_kind) THEN
    PERFORM refuse('approval-needed', format('%s needs a second person: ask for its approval first.', coalesce(p_key, 'A ' || p_kind)));
  END IF;
  RETURN known;
END $$;

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

-- The approved request that allows this, where one is needed: what is done under it is exactly what it says. The payload is a flat object
-- of texts, made from what is done and not given by who does it.
CREATE FUNCTION assert_approved(p_program integer, p_what text, p_kind text, p_key text, p_done jsonb) RETURNS approval_request
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  known approval_request;
BEGIN
  SELECT * INTO known FROM approval_request a
  WHERE a.program_id = p_program AND a.kind = p_kind AND a.request_key = p_key AND a.payload = canonical_details(p_done) AND a.status IN ('approved', 'executed');
  IF known.request_no IS NULL AND needs_approval(p_program, p_what) THEN
    PERFORM refuse('approval-needed', format('%s needs a second person: ask for its approval first.', p_key));
  END IF;
  RETURN known;
END $$;
