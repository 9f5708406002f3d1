-- API keys that people manage, and the log of every request that changes something.

-- A name is in its canonical form, `canonicalName` of packages/domain, which is where it is brought into it: NFKC, case folded, blanks
-- single and none around it, and nothing that is not seen. What of this can be said in SQL is checked here again.
ALTER TABLE api_key
  ADD COLUMN created_by text,   -- name of the key that made it; null: made by the owner's connection
  ADD COLUMN root_key bigint REFERENCES api_key,  -- the owner's key at the beginning of those that made it; null: it is one itself
  ADD COLUMN revoked_by text,
  ADD CONSTRAINT canonical_name CHECK (
    name = normalize(name, NFKC) AND name = btrim(name) AND name = lower(name COLLATE "C") AND name <> ''
    AND name !~ '[\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890-\u0891\u08E2\u115F-\u1160\u17B4-\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164]'
    AND name !~ '[\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]');

-- Whether two names are one person: whoever holds a key can hold every key that was made with it, so all keys that come from one of
-- the owner's are one person's.
CREATE FUNCTION same_person(p_one text, p_other text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT p_one = p_other OR EXISTS (
    SELECT 1 FROM api_key a JOIN api_key b ON coalesce(b.root_key, b.key_id) = coalesce(a.root_key, a.key_id)
    WHERE a.name = p_one AND b.name = p_other);
$$;

-- Refuses the person who drafted or asked for something, under any of their keys, as its second person.
CREATE FUNCTION assert_second_person(p_first text, p_second text, p_what text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF p_first = p_second THEN
    PERFORM refuse('self-approval', format('%s is by %s; somebody else has to approve it.', p_what, p_first));
  ELSIF same_person(p_first, p_second) THEN
    PERFORM refuse('self-approval', format(
      '%s is by %s, and %s counts as the same person: one of their keys was made with the other, or both with a third one. Somebody whose key was not made with theirs has to approve it.',
      p_what, p_first, p_second));
  END IF;
END $$;

-- The key with this SHA-256, unless it is revoked. Services cannot read the hashes: whoever has one can act as its holder.
CREATE FUNCTION find_api_key(p_key_hash bytea) RETURNS TABLE (key_id bigint, name text, scopes text[], expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT key_id, name, scopes, expires_at FROM api_key WHERE key_hash = p_key_hash AND revoked_at IS NULL;
$$;

-- The key that asks, known by its SHA-256, unless it was revoked, has expired or may not manage keys. Checked here and not by what a
-- service has cached, so that a revoked key cannot make a successor in the seconds in which it still works.
CREATE FUNCTION key_manager(p_caller_hash bytea) RETURNS api_key
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  caller api_key;
BEGIN
  SELECT * INTO caller FROM api_key
  WHERE key_hash = p_caller_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp());
  IF caller.key_id IS NULL OR NOT 'approve' = ANY (caller.scopes) THEN
    PERFORM refuse('key-not-manager', 'Keys are managed with a key that has the scope approve, and is neither revoked nor expired.');
  END IF;
  RETURN caller;
END $$;

-- Stores a key by the SHA-256 of its secret. A key cannot grant a scope that it lacks: otherwise whoever approves could
-- make the key that drafts. A name belongs to one working key at a time: decisions are logged under it.
CREATE FUNCTION create_api_key(p_caller_hash bytea, p_name text, p_key_hash bytea, p_scopes text[], p_expires_at timestamptz)
RETURNS TABLE (key_id bigint, created_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  caller api_key;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rewardbook.api_key'));
  caller := key_manager(p_caller_hash);
  IF cardinality(p_scopes) = 0 OR octet_length(p_key_hash) <> 32 THEN
    RAISE EXCEPTION 'create_api_key: no scope, or not a SHA-256';
  END IF;
  IF NOT p_scopes <@ caller.scopes THEN
    PERFORM refuse('scope-not-yours', format(
      'The key "%s" has the scopes %s and can grant no other.', caller.name, array_to_string(caller.scopes, ', ')));
  END IF;
  IF EXISTS (SELECT 1 FROM api_key k WHERE k.name = p_name AND k.revoked_at IS NULL
                AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())) THEN
    PERFORM refuse('key-name-taken', format('There is a working key "%s"; revoke it first, or give another name.', p_name));
  END IF;
  RETURN QUERY INSERT INTO api_key (name, key_hash, scopes, expires_at, created_by, root_key)
  VALUES (p_name, p_key_hash, p_scopes, p_expires_at, caller.name, coalesce(caller.root_key, caller.key_id)) RETURNING key_id, created_at;
END $$;

-- Revokes a key permanently; a revoked key is left unchanged. Any manager may revoke any key: a leaked one need not wait for its maker.
CREATE FUNCTION revoke_api_key(p_caller_hash bytea, p_key bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  caller api_key;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rewardbook.api_key'));
  caller := key_manager(p_caller_hash);
  UPDATE api_key SET revoked_at = clock_timestamp(), revoked_by = caller.name WHERE key_id = p_key AND revoked_at IS NULL;
  IF NOT EXISTS (SELECT 1 FROM api_key WHERE key_id = p_key) THEN
    PERFORM refuse('key-unknown', format('There is no key %s.', p_key));
  END IF;
END $$;

-- A request that changes something, written before it does: what was accepted is here even if the process died in the middle.
-- The body's hash is null where there was no body, or where it was still arriving (its outcome then has it).
CREATE TABLE audit_log (
  audit_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  service     text NOT NULL,
  key_id      bigint NOT NULL,
  key_name    text NOT NULL,
  method      text NOT NULL,
  route       text NOT NULL,
  program     text COLLATE "C",
  request_id  text COLLATE "C" NOT NULL,
  body_sha256 text,
  summary     text NOT NULL CHECK (length(summary) <= 4000)
);
CREATE INDEX audit_log_program ON audit_log (program, audit_id);

-- The answer to a request. Without one, the process ended before it answered, or has not answered yet; the books show what it did.
CREATE TABLE audit_outcome (
  audit_id    bigint PRIMARY KEY REFERENCES audit_log,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  status      integer NOT NULL,
  body_sha256 text
);

-- Append-only for everybody, the owner too (who would have to drop the triggers first).
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_outcome FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Whether whoever is connected is this service.
CREATE FUNCTION is_service(p_service text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT pg_has_role(session_user, CASE p_service WHEN 'ledger' THEN 'rewardbook_ledger' WHEN 'payout-reports' THEN 'rewardbook_reports' END, 'USAGE');
$$;

-- One after the other, so that ids are in the order of commits: a reader that got up to an id has missed none below it.
-- A service writes in its own name, and in that of a key whose SHA-256 it has, revoked or not.
CREATE FUNCTION append_audit(
  p_service text, p_key_hash bytea, p_method text, p_route text, p_program text, p_request_id text,
  p_body_sha256 text, p_summary text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  the_key api_key;
  the_id  bigint;
BEGIN
  SELECT * INTO the_key FROM api_key WHERE key_hash = p_key_hash;
  IF the_key.key_id IS NULL OR is_service(p_service) IS NOT TRUE THEN
    RAISE EXCEPTION 'append_audit: this is not the service %, or no key that there is', p_service;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rewardbook.audit_log'));
  INSERT INTO audit_log (service, key_id, key_name, method, route, program, request_id, body_sha256, summary)
  VALUES (p_service, the_key.key_id, the_key.name, p_method, p_route, p_program, p_request_id, p_body_sha256, p_summary)
  RETURNING audit_id INTO the_id;
  RETURN the_id;
END $$;

-- The first outcome is kept. A service writes those of its own requests.
CREATE FUNCTION append_audit_outcome(p_audit bigint, p_status integer, p_body_sha256 text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO audit_outcome (audit_id, status, body_sha256)
  SELECT a.audit_id, p_status, p_body_sha256 FROM audit_log a WHERE a.audit_id = p_audit AND is_service(a.service)
  ON CONFLICT DO NOTHING;
$$;
