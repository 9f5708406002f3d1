-- The registry of creators: its import, and changes of payment details.

CREATE FUNCTION begin_creator_import(p_program integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO creator_import (program_id) VALUES (p_program) RETURNING import_id;
$$;

-- One piece of an import. viewer_ids arrive as one text a row, ids separated by spaces.
CREATE FUNCTION stage_creators(
  p_import bigint, p_first_line integer, p_creator_ids text[], p_handles text[], p_countries text[], p_joined_on text[],
  p_followers bigint[], p_viewer_ids text[], p_tax_countries text[], p_payees text[], p_accounts text[],
  p_scouts text[], p_scouted_on text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO creator_import_row (import_id, line, creator_id, handle, country, joined_on, followers, viewer_ids,
                                  tax_country, payee, account, scout_id, scouted_on)
  SELECT p_import, p_first_line + ord::integer - 1, creator_id, handle, country, joined_on::date, followers,
         ARRAY(SELECT v COLLATE "C" FROM string_to_table(viewer_ids, ' ') AS v WHERE v <> '' ORDER BY 1),
         tax_country, payee, account, scout_id, scouted_on::date
  FROM unnest(p_creator_ids, p_handles, p_countries, p_joined_on, p_followers, p_viewer_ids, p_tax_countries, p_payees,
              p_accounts, p_scouts, p_scouted_on)
    WITH ORDINALITY AS r (creator_id, handle, country, joined_on, followers, viewer_ids, tax_country, payee, account,
                          scout_id, scouted_on, ord);
$$;

-- The registry at a version.
CREATE FUNCTION creators_at(p_program integer, p_version integer) RETURNS SETOF rewardbook.creator
LANGUAGE sql STABLE AS $$  -- no SET: the planner can only inline it without
  SELECT DISTINCT ON (c.creator_id) c.* FROM rewardbook.creator c
  WHERE c.program_id = p_program AND c.version <= p_version
  ORDER BY c.creator_id, c.version DESC;
$$;

-- Commits an import as the next version; rows equal to what is registered are not written again. Where payment details
-- need a second person, the registered ones are kept and the changes are returned in `waiting` (null without any).
CREATE FUNCTION commit_creator_import(p_import bigint, p_rows integer)
RETURNS TABLE (creators_version integer, added integer, changed integer, unchanged integer, waiting jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  program_of_import integer;
  registry_version  integer;
  n_added           integer;
  n_changed         integer;
  creator_twice     text;
  withheld          jsonb;
BEGIN
  -- from here on nothing is staged under it
  SELECT program_id INTO program_of_import FROM creator_import WHERE import_id = p_import FOR UPDATE;
  IF program_of_import IS NULL THEN
    PERFORM refuse('import-unknown', 'This import is already committed or was swept; send it again.');
  END IF;
  SELECT h.creators_version INTO STRICT registry_version FROM program_head h
  WHERE h.program_id = program_of_import FOR UPDATE;
  IF p_rows <> (SELECT count(*) FROM creator_import_row WHERE import_id = p_import) THEN
    PERFORM refuse('import-incomplete', 'Part of the import did not arrive; send it again.');
  END IF;
  SELECT creator_id INTO creator_twice FROM creator_import_row WHERE import_id = p_import
   GROUP BY creator_id HAVING count(*) > 1 ORDER BY creator_id LIMIT 1;
  IF creator_twice IS NOT NULL THEN
    PERFORM refuse('creator-twice', format(
      'Creator %s is in the import more than once; keep one line.', creator_twice));
  END IF;
  PERFORM keep_scouts(program_of_import, p_import, registry_version);
  withheld := withhold_details(program_of_import, p_import, registry_version);

  CREATE TEMP TABLE differing ON COMMIT DROP AS
  SELECT r.*, c.creator_id IS NULL AS is_new
  FROM creator_import_row r
  LEFT JOIN creators_at(program_of_import, registry_version) c ON c.creator_id = r.creator_id
  WHERE r.import_id = p_import
    AND (c.handle, c.country, c.joined_on, c.followers, c.viewer_ids, c.tax_country, c.payee, c.account,
         c.scout_id, c.scouted_on)
        IS DISTINCT FROM (r.handle, r.country, r.joined_on, r.followers, r.viewer_ids, r.tax_country, r.payee,
                          r.account, r.scout_id, r.scouted_on);
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO n_added, n_changed FROM differing;

  IF n_added + n_changed > 0 THEN
    INSERT INTO creator (program_id, creator_id, version, handle, country, joined_on, followers, viewer_ids,
                         tax_country, payee, account, scout_id, scouted_on)
    SELECT program_of_import, creator_id, registry_version + 1, handle, country, joined_on, followers, viewer_ids,
           tax_country, payee, account, scout_id, scouted_on
    FROM differing ORDER BY creator_id;
    UPDATE program_head h SET creators_version = registry_version + 1 WHERE h.program_id = program_of_import;
    registry_version := registry_version + 1;
  END IF;
  DROP TABLE differing;
  DELETE FROM creator_import WHERE import_id = p_import;
  RETURN QUERY SELECT registry_version, n_added, n_changed, p_rows - n_added - n_changed, withheld;
END $$;

-- A scout is never changed once it is known: an import that names another one is refused, and one that names none
-- leaves it.
CREATE FUNCTION keep_scouts(p_program integer, p_import bigint, p_version integer) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  changed record;
BEGIN
  SELECT r.line, r.creator_id, c.scout_id, c.scouted_on INTO changed
  FROM creator_import_row r JOIN creators_at(p_program, p_version) c ON c.creator_id = r.creator_id
  WHERE r.import_id = p_import AND c.scout_id IS NOT NULL AND r.scout_id IS NOT NULL
    AND (r.scout_id, r.scouted_on) IS DISTINCT FROM (c.scout_id, c.scouted_on)
  ORDER BY r.line LIMIT 1;
  IF changed.creator_id IS NOT NULL THEN
    PERFORM refuse('scout-changed', format(
      'Creator %s, number %s of the import, was scouted by %s on %s; that never changes. Leave scoutId and scoutedOn '
      'unchanged, or empty.', changed.creator_id, changed.line, changed.scout_id, changed.scouted_on));
  END IF;
  UPDATE creator_import_row r SET scout_id = c.scout_id, scouted_on = c.scouted_on
  FROM creators_at(p_program, p_version) c
  WHERE r.import_id = p_import AND c.creator_id = r.creator_id AND c.scout_id IS NOT NULL AND r.scout_id IS NULL;
END $$;

-- Takes out of a staged import what changes the payment details of creators who are registered or have money in the
-- books, where that needs a second person: what was found, with what is registered now; null where nothing was.
CREATE FUNCTION withhold_details(p_program integer, p_import bigint, p_version integer) RETURNS jsonb
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  withheld_changes jsonb;
BEGIN
  IF NOT needs_approval(p_program, 'payees') THEN
    RETURN NULL;
  END IF;
  WITH changing AS (
    SELECT r.line, r.creator_id, r.tax_country, r.payee, r.account, c.tax_country AS old_country, c.payee AS old_payee,
           c.account AS old_account
    FROM creator_import_row r
    LEFT JOIN creators_at(p_program, p_version) c ON c.creator_id = r.creator_id
    WHERE r.import_id = p_import
      AND (c.tax_country, c.payee, c.account) IS DISTINCT FROM (r.tax_country, r.payee, r.account)
      AND (c.creator_id IS NOT NULL OR r.creator_id IN (
        SELECT b.creator_id FROM account_balance b
        WHERE b.program_id = p_program AND b.creator_id <> '' AND b.debit <> b.credit))
  ), kept AS (
    UPDATE creator_import_row r SET tax_country = g.old_country, payee = g.old_payee, account = g.old_account
    FROM changing g WHERE r.import_id = p_import AND r.line = g.line
  )
  SELECT jsonb_agg(jsonb_build_object(
      'creatorId', g.creator_id, 'taxCountry', g.tax_country, 'payee', g.payee, 'account', g.account,
      'before', jsonb_build_object('taxCountry', g.old_country, 'payee', g.old_payee, 'account', g.old_account))
      ORDER BY g.creator_id)
  INTO withheld_changes FROM changing g;
  IF jsonb_array_length(withheld_changes) > 10000 THEN
    PERFORM refuse('too-many-details', format(
      'The import changes the payment details of %s creators, which needs a second person; '
      'send at most 10000 of them at once.', jsonb_array_length(withheld_changes)));
  END IF;
  RETURN withheld_changes;
END $$;

-- Changes payment details as an approved request says, which is used up by it. Refused where they are not what the
-- request says that they were. Returns what it is known by.
CREATE FUNCTION change_details(p_program integer, p_request integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  registry_version integer;
  approved_request approval_request;
  n_changed        integer;
BEGIN
  SELECT h.creators_version INTO STRICT registry_version FROM program_head h WHERE h.program_id = p_program FOR UPDATE;
  SELECT * INTO approved_request FROM approval_request a
  WHERE a.program_id = p_program AND a.request_no = p_request AND a.kind = 'payees' AND a.status = 'approved';
  IF approved_request.request_no IS NULL THEN
    PERFORM refuse('approval-needed', format('Request %s is not an approved one for payment details.', p_request));
  END IF;
  INSERT INTO creator (program_id, creator_id, version, handle, country, joined_on, followers, viewer_ids, tax_country,
                       payee, account, scout_id, scouted_on)
  SELECT p_program, c.creator_id, registry_version + 1, c.handle, c.country, c.joined_on, c.followers, c.viewer_ids,
         d.tax_country, d.payee, d.account, c.scout_id, c.scouted_on
  FROM (
    SELECT j.d ->> 'creatorId' AS creator_id, j.d ->> 'taxCountry' AS tax_country, j.d ->> 'payee' AS payee,
           j.d ->> 'account' AS account,
           j.d -> 'before' AS before
    FROM jsonb_array_elements(approved_request.payload::jsonb -> 'creators') AS j (d)
  ) AS d
  JOIN creators_at(p_program, registry_version) c ON c.creator_id = d.creator_id
   AND (c.tax_country, c.payee, c.account)
       IS NOT DISTINCT FROM (d.before ->> 'taxCountry', d.before ->> 'payee', d.before ->> 'account');
  GET DIAGNOSTICS n_changed = ROW_COUNT;
  IF n_changed <> jsonb_array_length(approved_request.payload::jsonb -> 'creators') THEN
    PERFORM refuse('request-changed', format(
      'Since request %s was made, other payment details were registered; ask again.', p_request));
  END IF;
  UPDATE program_head h SET creators_version = registry_version + 1 WHERE h.program_id = p_program;
  RETURN (use_approval(p_program, 'payees', approved_request.request_key, approved_request.payload, true,
                       'creators version ' || registry_version + 1)).outcome;
END $$;
