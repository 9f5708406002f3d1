-- Programs, their policies and creators. Everything that changes the books goes through functions
-- that first lock the program's head row; the services' role has no other way to write.
-- Ids are compared as bytes everywhere: COLLATE "C". Instants of events and periods are epoch
-- milliseconds (RFC 3339 has the year 0000, which timestamptz text has not); server clocks are timestamptz.

-- An amount that somebody gives: at most 30 digits before the point. Sums of such amounts are larger; what reads them takes 40 digits
-- (packages/money/src/amount.ts), so no row that is let in here makes a sum that cannot be read.
CREATE DOMAIN given_amount AS numeric CHECK (abs(VALUE) < 1e30);

CREATE TABLE program (
  program_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug        text COLLATE "C" NOT NULL UNIQUE,
  currency    text COLLATE "C" NOT NULL,
  digits      smallint NOT NULL,
  time_zone   text NOT NULL,
  period_kind text NOT NULL CHECK (period_kind IN ('month', 'week', 'day')),
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The row that every change of a program's books locks first: the end of its hash chain.
CREATE TABLE program_head (
  program_id       integer PRIMARY KEY REFERENCES program,
  seq              bigint NOT NULL DEFAULT 0,
  hash             text NOT NULL DEFAULT repeat('0', 64),
  posted_at        timestamptz NOT NULL DEFAULT '-infinity',
  creators_version integer NOT NULL DEFAULT 0,
  -- of the balances' checkpoint (0004_balances.sql): the last entry in it, and how many accounts it has
  rolled_seq       bigint NOT NULL DEFAULT 0 CHECK (rolled_seq <= seq),
  rolled_accounts  bigint NOT NULL DEFAULT 0
);

CREATE TABLE policy_version (
  program_id     integer NOT NULL REFERENCES program,
  version        integer NOT NULL,
  valid_from     text COLLATE "C",  -- the first period it is valid for; null: from the beginning
  valid_from_ms  bigint,  -- that period's start
  policy         text NOT NULL,   -- canonical JSON of the stored form
  policy_hash    text NOT NULL,
  created_by     text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program_id, version)
);

-- Every version of a registered creator: a close uses the registry as it was when the close began.
CREATE TABLE creator (
  program_id  integer NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  version     integer NOT NULL,
  handle      text,
  country     text,
  joined_on   date,
  followers   bigint NOT NULL DEFAULT 0 CHECK (followers >= 0),
  viewer_ids  text[] COLLATE "C" NOT NULL DEFAULT '{}',
  tax_country text,
  payee       text,
  account     text,
  PRIMARY KEY (program_id, creator_id, version)
);

-- Rows of an import that is still arriving; the commit moves what differs into `creator`.
CREATE TABLE creator_import (
  import_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE creator_import_row (
  import_id   bigint NOT NULL REFERENCES creator_import ON DELETE CASCADE,
  line        integer NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  handle      text,
  country     text,
  joined_on   date,
  followers   bigint NOT NULL,
  viewer_ids  text[] COLLATE "C" NOT NULL,
  tax_country text,
  payee       text,
  account     text,
  PRIMARY KEY (import_id, line)
);

-- A period from the moment its close begins; the columns before `closed_at` are what the close uses,
-- fixed when it began. An open period has no row.
CREATE TABLE period (
  program_id         integer NOT NULL REFERENCES program,
  period             text COLLATE "C" NOT NULL,
  close_no           integer NOT NULL CHECK (close_no >= 1),
  starts_at          bigint NOT NULL,
  ends_at            bigint NOT NULL,
  status             text NOT NULL CHECK (status IN ('closing', 'closed')),
  begun_at           timestamptz NOT NULL DEFAULT now(),
  begun_by           text NOT NULL,
  policy_version     integer NOT NULL,
  creators_version   integer NOT NULL,
  revenue_entries    numeric NOT NULL,   -- sum of the period's revenue entries
  revenue_carried_in numeric NOT NULL CHECK (revenue_carried_in <= 0),
  rolled_over        numeric NOT NULL CHECK (rolled_over >= 0),
  -- from here on: the outcome
  closed_at          timestamptz,
  fold_id            bigint,
  entry_key          text COLLATE "C",
  funded             numeric,
  pool               numeric,
  allocated          numeric,
  undistributed      numeric,
  revenue_carried_out numeric,
  policy_hash        text,
  creators_hash      text,
  result_hash        text,
  excluded           text,   -- JSON: [{rule, events, points}]
  metrics            text,   -- JSON
  failure            text,   -- why the last attempt failed; null once one succeeds
  failures           integer NOT NULL DEFAULT 0,   -- attempts in a row that failed for a reason that does not pass by itself
  retry_at           timestamptz,   -- not before then is it tried again by itself
  PRIMARY KEY (program_id, period),
  UNIQUE (program_id, close_no),
  CHECK (status = 'closing' OR (closed_at IS NOT NULL AND fold_id IS NOT NULL AND entry_key IS NOT NULL AND result_hash IS NOT NULL))
);

CREATE TABLE api_key (
  key_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  key_hash   bytea NOT NULL UNIQUE,
  scopes     text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- An error that the caller made. MESSAGE is its code, DETAIL what to do; the client maps both.
CREATE FUNCTION refuse(code text, advice text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'RB001', MESSAGE = code, DETAIL = advice;
END $$;

-- Every decimal of a policy is within its bounds (packages/contracts/src/values/decimal.ts): with a larger one its closes could not be computed,
-- and would stay begun for ever.
CREATE FUNCTION assert_policy_limits(p_policy jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  excess text;
BEGIN
  SELECT format('%s at %s', v #>> '{}', d.place) INTO excess FROM (VALUES
    ('$.revenueShare', 12), ('$.weights.*', 12), ('$.allocation.maxShare', 12), ('$.allocation.lambda', 12), ('$.eligibility.minPoints', 12),
    ('$.boosts[*].multiplier', 12), ('$.boosts[*].when.minGrowth', 12), ('$.payout.holdback.share', 12), ('$.payout.withholding.*', 12),
    ('$.payout.minimum', 30), ('$.payout.roundTo', 30)
  ) AS d (place, digits) CROSS JOIN LATERAL jsonb_path_query(p_policy, d.place::jsonpath) AS v
  WHERE v #>> '{}' !~ format('^[0-9]{1,%s}([.][0-9]{1,18})?$', d.digits) LIMIT 1;
  IF excess IS NOT NULL THEN
    PERFORM refuse('bad-policy', format('The policy has %s, which is larger or finer than a close can compute with.', left(excess, 100)));
  END IF;
END $$;

-- The version that holds for a period: each from its first period to that of the next; of two from the same one, the later. '' asks
-- for the beginning.
CREATE FUNCTION policy_at(p_program integer, p_period text) RETURNS integer
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT v.version FROM policy_version v
  WHERE v.program_id = p_program AND (v.valid_from IS NULL OR v.valid_from <= p_period COLLATE "C")
  ORDER BY v.valid_from DESC NULLS LAST, v.version DESC LIMIT 1;
$$;

-- Applies a policy: creates the program with version 1, or adds a version, which holds from its first period to that of the next one.
-- What holds from that very period already is not added again. A policy that lists less under `approvals` than the one in whose place
-- it comes needs a second person, whatever else does.
CREATE FUNCTION apply_policy(
  p_slug text, p_currency text, p_digits smallint, p_time_zone text, p_period_kind text,
  p_policy text, p_policy_hash text, p_valid_from text, p_valid_from_ms bigint, p_key_hash text
) RETURNS TABLE (program_id integer, version integer, valid_from text, created boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  p_actor text := CASE WHEN p_key_hash IS NOT NULL THEN actor_of(p_key_hash, 'operate') END;
  known      program;
  same_start policy_version;
  replaced   policy_version;
  last_close period;
  the_no     integer;
  payload    text;
BEGIN
  IF p_policy_hash <> encode(sha256(convert_to(p_policy, 'UTF8')), 'hex')
     OR (p_policy::jsonb ->> 'program', p_policy::jsonb ->> 'currency', p_policy::jsonb ->> 'timeZone', p_policy::jsonb ->> 'period')
        IS DISTINCT FROM (p_slug, p_currency, p_time_zone, p_period_kind)
     OR (p_digits BETWEEN 0 AND 4) IS NOT TRUE THEN
    RAISE EXCEPTION 'apply_policy: the policy of % is not what its hash, or what is said of it, says', p_slug;
  END IF;
  PERFORM assert_policy_limits(p_policy::jsonb);
  INSERT INTO program (slug, currency, digits, time_zone, period_kind)
  VALUES (p_slug, p_currency, p_digits, p_time_zone, p_period_kind) ON CONFLICT (slug) DO NOTHING;
  SELECT * INTO STRICT known FROM program p WHERE p.slug = p_slug;
  INSERT INTO program_head (program_id) VALUES (known.program_id) ON CONFLICT DO NOTHING;
  PERFORM 1 FROM program_head h WHERE h.program_id = known.program_id FOR UPDATE;

  IF p_valid_from IS NOT NULL THEN
    PERFORM assert_begins((dates_of(known.program_id, p_valid_from)).first_date, p_valid_from_ms);
  END IF;
  IF (known.currency, known.digits, known.time_zone, known.period_kind) IS DISTINCT FROM (p_currency, p_digits, p_time_zone, p_period_kind) THEN
    PERFORM refuse('program-fixed', format(
      'Program %s has currency %s, time zone %s and period %s, which never change; apply this policy under another program.',
      p_slug, known.currency, known.time_zone, known.period_kind));
  END IF;

  SELECT * INTO same_start FROM policy_version v
  WHERE v.program_id = known.program_id AND v.valid_from IS NOT DISTINCT FROM p_valid_from ORDER BY v.version DESC LIMIT 1;
  IF same_start.policy_hash = p_policy_hash THEN
    RETURN QUERY SELECT known.program_id, same_start.version, same_start.valid_from, false;
    RETURN;
  END IF;

  SELECT * INTO last_close FROM period c WHERE c.program_id = known.program_id ORDER BY c.close_no DESC LIMIT 1;
  IF last_close.period IS NOT NULL THEN
    IF p_valid_from IS NULL OR p_valid_from <= last_close.period COLLATE "C" THEN
      PERFORM refuse('policy-too-early', format(
        'Period %s is %s; a policy can only be valid from a later period.', last_close.period, last_close.status));
    END IF;
  END IF;

  SELECT coalesce(max(v.version), 0) + 1 INTO the_no FROM policy_version v WHERE v.program_id = known.program_id;
  SELECT * INTO replaced FROM policy_version v
  WHERE v.program_id = known.program_id AND v.version = policy_at(known.program_id, coalesce(p_valid_from, ''));
  payload := format('{"from":%s,"policy":%s,"policyHash":%s}', coalesce(to_json(p_valid_from)::text, 'null'), p_policy, to_json(p_policy_hash));
  p_actor := doer(p_actor, use_approval(known.program_id, 'policy', 'policy:' || encode(sha256(convert_to(payload, 'UTF8')), 'hex'), payload,
    needs_approval(known.program_id, 'policy') OR NOT coalesce(p_policy::jsonb -> 'approvals' @> (replaced.policy::jsonb -> 'approvals'), true),
    'policy version ' || the_no));

  INSERT INTO policy_version (program_id, version, valid_from, valid_from_ms, policy, policy_hash, created_by)
  VALUES (known.program_id, the_no, p_valid_from, p_valid_from_ms, p_policy, p_policy_hash, p_actor);
  RETURN QUERY SELECT known.program_id, the_no, p_valid_from, true;
END $$;

CREATE FUNCTION begin_creator_import(p_program integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO creator_import (program_id) VALUES (p_program) RETURNING import_id;
$$;

-- One piece of an import. viewer_ids arrive as one text a row, ids separated by spaces.
CREATE FUNCTION stage_creators(
  p_import bigint, p_first_line integer, p_creator_ids text[], p_handles text[], p_countries text[], p_joined_on text[],
  p_followers bigint[], p_viewer_ids text[], p_tax_countries text[], p_payees text[], p_accounts text[]
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  INSERT INTO creator_import_row
  SELECT p_import, p_first_line + ord::integer - 1, creator_id, handle, country, joined_on::date, followers,
         ARRAY(SELECT v COLLATE "C" FROM string_to_table(viewer_ids, ' ') AS v WHERE v <> '' ORDER BY 1),
         tax_country, payee, account
  FROM unnest(p_creator_ids, p_handles, p_countries, p_joined_on, p_followers, p_viewer_ids, p_tax_countries, p_payees, p_accounts)
    WITH ORDINALITY AS r (creator_id, handle, country, joined_on, followers, viewer_ids, tax_country, payee, account, ord);
$$;

-- The registry at a version.
CREATE FUNCTION creators_at(p_program integer, p_version integer) RETURNS SETOF rewardbook.creator
LANGUAGE sql STABLE AS $$  -- no SET: the planner can only inline it without
  SELECT DISTINCT ON (c.creator_id) c.* FROM rewardbook.creator c
  WHERE c.program_id = p_program AND c.version <= p_version
  ORDER BY c.creator_id, c.version DESC;
$$;

-- Commits an import as the next version; rows equal to what is registered are not written again. Where payment details need a
-- second person, the registered ones are kept and the changes are returned in `waiting` (null without any).
CREATE FUNCTION commit_creator_import(p_import bigint, p_rows integer)
RETURNS TABLE (creators_version integer, added integer, changed integer, unchanged integer, waiting jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  the_program integer;
  base        integer;
  n_added     integer;
  n_changed   integer;
  twice       text;
  withheld    jsonb;
BEGIN
  SELECT program_id INTO the_program FROM creator_import WHERE import_id = p_import FOR UPDATE; -- from here on nothing is staged under it
  IF the_program IS NULL THEN
    PERFORM refuse('import-unknown', 'This import is already committed or was swept; send it again.');
  END IF;
  SELECT h.creators_version INTO STRICT base FROM program_head h WHERE h.program_id = the_program FOR UPDATE;
  IF p_rows <> (SELECT count(*) FROM creator_import_row WHERE import_id = p_import) THEN
    PERFORM refuse('import-incomplete', 'Part of the import did not arrive; send it again.');
  END IF;
  SELECT creator_id INTO twice FROM creator_import_row WHERE import_id = p_import
   GROUP BY creator_id HAVING count(*) > 1 ORDER BY creator_id LIMIT 1;
  IF twice IS NOT NULL THEN
    PERFORM refuse('creator-twice', format('Creator %s is in the import more than once; keep one line.', twice));
  END IF;
  withheld := withhold_details(the_program, p_import, base);

  CREATE TEMP TABLE differing ON COMMIT DROP AS
  SELECT r.*, c.creator_id IS NULL AS is_new
  FROM creator_import_row r
  LEFT JOIN creators_at(the_program, base) c ON c.creator_id = r.creator_id
  WHERE r.import_id = p_import
    AND (c.handle, c.country, c.joined_on, c.followers, c.viewer_ids, c.tax_country, c.payee, c.account)
        IS DISTINCT FROM (r.handle, r.country, r.joined_on, r.followers, r.viewer_ids, r.tax_country, r.payee, r.account);
  SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) INTO n_added, n_changed FROM differing;

  IF n_added + n_changed > 0 THEN
    INSERT INTO creator (program_id, creator_id, version, handle, country, joined_on, followers, viewer_ids, tax_country, payee, account)
    SELECT the_program, creator_id, base + 1, handle, country, joined_on, followers, viewer_ids, tax_country, payee, account
    FROM differing ORDER BY creator_id;
    UPDATE program_head h SET creators_version = base + 1 WHERE h.program_id = the_program;
    base := base + 1;
  END IF;
  DROP TABLE differing;
  DELETE FROM creator_import WHERE import_id = p_import;
  RETURN QUERY SELECT base, n_added, n_changed, p_rows - n_added - n_changed, withheld;
END $$;
