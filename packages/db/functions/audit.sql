-- The audit log is only appended to.

-- Append-only for everybody, the owner too (who would have to drop the triggers first).
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_outcome
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Whether whoever is connected is this service.
CREATE FUNCTION is_service(p_service text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT pg_has_role(session_user, CASE p_service WHEN 'ledger' THEN 'rewardbook_ledger'
                                                  WHEN 'payout-reports' THEN 'rewardbook_reports' END, 'USAGE');
$$;

-- One after the other, so that ids are in the order of commits: a reader that got up to an id has missed none below it.
-- A service writes in its own name, and in that of a key whose SHA-256 it has, revoked or not.
CREATE FUNCTION append_audit(
  p_service text, p_key_hash bytea, p_method text, p_route text, p_program text, p_request_id text,
  p_body_sha256 text, p_summary text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  key_found    api_key;
  new_audit_id bigint;
BEGIN
  SELECT * INTO key_found FROM api_key WHERE key_hash = p_key_hash;
  IF key_found.key_id IS NULL OR is_service(p_service) IS NOT TRUE THEN
    RAISE EXCEPTION 'append_audit: this is not the service %, or no key that there is', p_service;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rewardbook.audit_log'));
  INSERT INTO audit_log (service, key_id, key_name, method, route, program, request_id, body_sha256, summary)
  VALUES (p_service, key_found.key_id, key_found.name, p_method, p_route, p_program, p_request_id, p_body_sha256,
          p_summary)
  RETURNING audit_id INTO new_audit_id;
  RETURN new_audit_id;
END $$;

-- The first outcome is kept. A service writes those of its own requests.
CREATE FUNCTION append_audit_outcome(p_audit bigint, p_status integer, p_body_sha256 text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO audit_outcome (audit_id, status, body_sha256)
  SELECT a.audit_id, p_status, p_body_sha256 FROM audit_log a WHERE a.audit_id = p_audit AND is_service(a.service)
  ON CONFLICT DO NOTHING;
$$;
