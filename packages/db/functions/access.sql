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
RETURNS TABLE (key_id bigint, name text, scopes text[], programs text[], expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT key_id, name, scopes, programs, expires_at FROM api_key WHERE key_hash = p_key_hash AND revoked_at IS NULL;
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

-- Refuses programs that a key is not for as such that are not there: whoever asks does not learn which it is.
CREATE FUNCTION assert_own_programs(p_key api_key, p_slugs text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  stranger text;
BEGIN
  SELECT s.slug INTO stranger FROM unnest(p_slugs) WITH ORDINALITY AS s (slug, place)
  WHERE (p_key.programs IS NULL OR s.slug = ANY (p_key.programs)) IS NOT TRUE ORDER BY s.place LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('program-unknown', format('There is no program %s; apply its policy first.', stranger));
  END IF;
END $$;

-- Stores a key by the SHA-256 of its secret. A key cannot grant a scope that it lacks: otherwise whoever approves could
-- make the key that drafts. Nor can it grant programs that it is not for. A name belongs to one working key at a time:
-- decisions are logged under it.
CREATE FUNCTION create_api_key(
  p_caller_hash bytea, p_name text, p_key_hash bytea, p_scopes text[], p_programs text[], p_expires_at timestamptz
) RETURNS TABLE (key_id bigint, created_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  caller  api_key;
  missing text;
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
  IF p_programs IS NULL AND caller.programs IS NOT NULL THEN
    PERFORM refuse('programs-not-yours', format(
      'The key "%s" is for %s: name those of them that the new key is for.', caller.name,
      array_to_string(caller.programs, ', ')));
  END IF;
  PERFORM assert_own_programs(caller, p_programs);
  SELECT s.slug INTO missing FROM unnest(p_programs) WITH ORDINALITY AS s (slug, place)
  WHERE NOT EXISTS (SELECT 1 FROM program p WHERE p.slug = s.slug) ORDER BY s.place LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('program-unknown', format('There is no program %s; apply its policy first.', missing));
  END IF;
  IF EXISTS (SELECT 1 FROM api_key k WHERE k.name = p_name AND k.revoked_at IS NULL
                AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())) THEN
    PERFORM refuse('key-name-taken', format(
      'There is a working key "%s"; revoke it first, or give another name.', p_name));
  END IF;
  RETURN QUERY INSERT INTO api_key (name, key_hash, scopes, programs, expires_at, created_by, root_key)
  VALUES (p_name, p_key_hash, p_scopes, p_programs, p_expires_at, caller.name, coalesce(caller.root_key, caller.key_id))
  RETURNING key_id, created_at;
END $$;

-- Whether a key may manage another one: all, or those that are for programs of its own alone.
CREATE FUNCTION may_manage(p_manager api_key, p_programs text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT p_manager.programs IS NULL OR coalesce(p_programs <@ p_manager.programs, false);
$$;

-- Revokes a key permanently; a revoked key is left unchanged. Any manager may revoke any key that is for no other
-- programs than its own: a leaked one need not wait for its maker.
CREATE FUNCTION revoke_api_key(p_caller_hash bytea, p_key bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  caller api_key;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('rewardbook.api_key'));
  caller := key_manager(p_caller_hash);
  IF NOT EXISTS (SELECT 1 FROM api_key k WHERE k.key_id = p_key AND may_manage(caller, k.programs)) THEN
    PERFORM refuse('key-unknown', format('There is no key %s.', p_key));
  END IF;
  UPDATE api_key SET revoked_at = clock_timestamp(), revoked_by = caller.name
  WHERE key_id = p_key AND revoked_at IS NULL;
END $$;

-- In whose name something is done: of the working key with this SHA-256 (in hex), which has the scope and is for the
-- program. No service can read the hashes of keys, so it can act only for those who have sent it a key.
CREATE FUNCTION actor_of(p_key_hash text, p_scope text, p_slug text) RETURNS text
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
  PERFORM assert_own_programs(key_found, ARRAY[p_slug]);
  RETURN key_found.name;
END $$;

CREATE FUNCTION actor_of(p_key_hash text, p_scope text, p_program integer) RETURNS text
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT actor_of(p_key_hash, p_scope, (SELECT slug FROM program WHERE program_id = p_program));
$$;
