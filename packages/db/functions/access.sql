-- API keys that people manage, and who is one person.

-- Whether two names are one person: whoever holds a key can hold every key that was made with it, so all keys that come
-- from one of the owner's are one person's.
CREATE FUNCTION same_person(p_first text, p_second text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT p_first = p_second OR EXISTS (
    SELECT 1 FROM api_key a JOIN api_key b ON coalesce(b.root_key, b.key_id) = coalesce(a.root_key, a.key_id)
    WHERE a.name = p_first AND b.name = p_second);
$$;

-- Refuses the person who drafted or asked for something, under any of their keys, as its second person.
CREATE FUNCTION assert_second_person(p_first text, p_second text, p_what text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF p_first = p_second THEN
    PERFORM refuse('self-approval', format('%s is by %s; somebody else has to approve it.', p_what, p_first));
  ELSIF same_person(p_first, p_second) THEN
    PERFORM refuse('self-approval', format(
      '%s is by %s, and %s counts as the same person: one of their keys was made with the other, or both with a '
      'third one. Somebody whose key was not made with theirs has to approve it.',
      p_what, p_first, p_second));
  END IF;
END $$;

-- The key with this SHA-256, unless it is revoked. Services cannot read the hashes: whoever has one can act as its
-- holder.
CREATE FUNCTION find_api_key(p_key_hash bytea)
RETURNS TABLE (key_id bigint, name text, scopes text[], expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT key_id, name, scopes, expires_at FROM api_key WHERE key_hash = p_key_hash AND revoked_at IS NULL;
$$;

-- The key that asks, known by its SHA-256, unless it was revoked, has expired or may not manage keys. Checked here and
-- not by what a service has cached, so that a revoked key cannot make a successor in the seconds in which it still
-- works.
CREATE FUNCTION key_manager(p_caller_hash bytea) RETURNS api_key
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  caller api_key;
BEGIN
  SELECT * INTO caller FROM api_key
  WHERE key_hash = p_caller_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp());
  IF caller.key_id IS NULL OR NOT 'approve' = ANY (caller.scopes) THEN
    PERFORM refuse('key-not-manager',
                   'Keys are managed with a key that has the scope approve, and is neither revoked nor expired.');
  END IF;
  RETURN caller;
END $$;

-- Stores a key by the SHA-256 of its secret. A key cannot grant a scope that it lacks: otherwise whoever approves could
-- make the key that drafts. A name belongs to one working key at a time: decisions are logged under it.
CREATE FUNCTION create_api_key(
  p_caller_hash bytea, p_name text, p_key_hash bytea, p_scopes text[], p_expires_at timestamptz
) RETURNS TABLE (key_id bigint, created_at timestamptz)
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
    PERFORM refuse('key-name-taken', format(
      'There is a working key "%s"; revoke it first, or give another name.', p_name));
  END IF;
  RETURN QUERY INSERT INTO api_key (name, key_hash, scopes, expires_at, created_by, root_key)
  VALUES (p_name, p_key_hash, p_scopes, p_expires_at, caller.name, coalesce(caller.root_key, caller.key_id))
  RETURNING key_id, created_at;
END $$;

-- Revokes a key permanently; a revoked key is left unchanged. Any manager may revoke any key: a leaked one need not
-- wait for its maker.
CREATE FUNCTION revoke_api_key(p_caller_hash bytea, p_key bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  caller api_key;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rewardbook.api_key'));
  caller := key_manager(p_caller_hash);
  UPDATE api_key SET revoked_at = clock_timestamp(), revoked_by = caller.name
  WHERE key_id = p_key AND revoked_at IS NULL;
  IF NOT EXISTS (SELECT 1 FROM api_key WHERE key_id = p_key) THEN
    PERFORM refuse('key-unknown', format('There is no key %s.', p_key));
  END IF;
END $$;

-- In whose name something is done: of the working key with this SHA-256 (in hex), which has the scope. No service can
-- read the hashes of keys, so it can act only for those who have sent it a key.
CREATE FUNCTION actor_of(p_key_hash text, p_scope text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  key_found api_key;
BEGIN
  IF (p_key_hash ~ '^[0-9a-f]{64}$') IS NOT TRUE THEN
    RAISE EXCEPTION 'actor_of: who acts is said by the SHA-256 of an API key, in hex';
  END IF;
  SELECT * INTO key_found FROM api_key k WHERE k.key_hash = decode(p_key_hash, 'hex') AND k.revoked_at IS NULL
     AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp());
  IF key_found.key_id IS NULL THEN
    PERFORM refuse('unauthorized', 'This API key is unknown, revoked or expired; ask an operator for one.');
  ELSIF NOT p_scope = ANY (key_found.scopes) THEN
    PERFORM refuse('forbidden', format(
      'This needs the scope %s, which the API key "%s" lacks.', p_scope, key_found.name));
  END IF;
  RETURN key_found.name;
END $$;
