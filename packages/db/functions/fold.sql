-- The set-based half of a close: judge the events that this close is the first to take, exclude by the risk rules,
-- fold the rest into the register, and count what creators gained and lost. The rules are those of
-- packages/domain (risk, engagement); tests hold both to the same results.

-- Whether a viewer is in share p_part, from 0, of p_parts shares.
CREATE FUNCTION in_part(p_viewer text, p_part integer, p_parts integer) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT p_parts = 1 OR (hashtextextended(p_viewer, 0) & 65535) % p_parts = p_part $$;

-- Events of sealed batches that the close has seen, with occurred_at before p_to: those that no earlier close saw
-- (`is_new`), and of the others those from p_from on: what the close before took is not read again, unless it lies in
-- batches with what is asked for. A batch that no close has claimed counts as new: that is a dry run. Batches are
-- looked up in hashed subqueries; `IS TRUE` keeps them from being joined: for tables not analysed yet the planner
-- expects one batch, and reads all events once for each. (An array that is not a constant is not hashed but scanned,
-- for every event.) The bounds are for the BRIN index. Of p_parts shares of the viewers it gives share p_part, from 0:
-- register, limits and exclusions stay within one viewer, so that shares can be folded at the same time.
CREATE FUNCTION seen_events(
  p_program integer, p_close integer, p_from bigint, p_to bigint, p_dry boolean, p_part integer, p_parts integer
) RETURNS TABLE (
  viewer_id text, creator_id text, content_id text, active boolean, occurred_at bigint, id text, source text,
  is_new boolean
)
LANGUAGE sql STABLE AS $$  -- no SET: the planner can only inline it without
  WITH batch AS MATERIALIZED (
    SELECT batch_id, coalesce(seen_close, p_close) = p_close AS is_new
    FROM rewardbook.ingest_batch
    WHERE program_id = p_program AND sealed_at IS NOT NULL AND accepted > 0
      AND (seen_close <= p_close OR (p_dry AND seen_close IS NULL))
      AND occurred_min < p_to AND (occurred_max >= p_from OR coalesce(seen_close, p_close) = p_close)
  )
  SELECT e.viewer_id, e.creator_id, e.content_id, e.active, e.occurred_at, e.id, e.source,
         (e.batch_id IN (SELECT batch_id FROM batch WHERE is_new)) IS TRUE
  FROM rewardbook.event e
  WHERE e.program_id = p_program AND e.occurred_at < p_to
    AND (e.occurred_at >= p_from OR (e.batch_id IN (SELECT batch_id FROM batch WHERE is_new)) IS TRUE)
    AND e.batch_id BETWEEN (SELECT min(batch_id) FROM batch) AND (SELECT max(batch_id) FROM batch)
    AND (e.batch_id IN (SELECT batch_id FROM batch)) IS TRUE
    AND rewardbook.in_part(e.viewer_id, p_part, p_parts);
$$;

-- The register as of the closes before p_close, for the engagements that `fold_events` touches: the latest attempt that
-- counts.
CREATE FUNCTION counting_attempts(p_program integer, p_close integer) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT coalesce(array_agg(attempt_id ORDER BY close_no), '{}') FROM close
  WHERE program_id = p_program AND status = 'closed' AND close_no < p_close;
$$;

-- A blocked list (`blockedViewers` or `blockedCreators`) of the policy that the close before p_close used; empty for
-- the first close.
CREATE FUNCTION blocked_before(p_program integer, p_close integer, p_list text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT ARRAY(
    SELECT jsonb_array_elements_text(v.policy::jsonb #> ARRAY['risk', p_list])
    FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    WHERE c.program_id = p_program AND c.close_no = p_close - 1);
$$;

-- The UTC days, numbered from the Unix epoch, of the events that a close judges: the caller derives from them the
-- periods that limits per period need.
CREATE FUNCTION judged_days(
  p_program integer, p_close integer, p_start bigint, p_end bigint, p_dry boolean
) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT DISTINCT floor(occurred_at / 86400000.0)::bigint
  FROM seen_events(p_program, p_close, p_start, p_end, p_dry, 0, 1);
$$;

-- The registry's own viewers, from each creator's latest version; few creators have any, so those first.
CREATE FUNCTION list_own_viewers(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  CREATE TEMP TABLE own_viewer ON COMMIT DROP AS
  SELECT DISTINCT c.creator_id, v.viewer_id COLLATE "C" AS viewer_id
  FROM creator c, unnest(c.viewer_ids) AS v (viewer_id)
  WHERE c.program_id = p_terms.program_id AND c.version <= p_terms.creators_version AND c.viewer_ids <> '{}'
    AND NOT EXISTS (
      SELECT 1 FROM creator n WHERE n.program_id = p_terms.program_id AND n.creator_id = c.creator_id
        AND n.version > c.version AND n.version <= p_terms.creators_version);
  ANALYZE own_viewer;
END $$;

-- Limits count every accepted event in their windows: first those that earlier closes judged, then those of this one in
-- their order. Earlier ones can only be in windows that began before the period, and few viewers have judged events in
-- such a window. Makes `earlier` of those; false where it is empty.
CREATE FUNCTION list_earlier_events(p_terms fold_terms) RETURNS boolean
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  is_dry      boolean := p_terms.attempt_id IS NULL;
  window_from bigint;
BEGIN
  IF coalesce(p_terms.max_per_hour, p_terms.max_toggles, p_terms.max_likes_per_pair) IS NULL THEN
    RETURN false;
  END IF;
  CREATE TEMP TABLE late_viewer ON COMMIT DROP AS
  SELECT s.viewer_id COLLATE "C" AS viewer_id, min(s.occurred_at) AS at
  FROM seen_events(p_terms.program_id, p_terms.close_no, p_terms.starts_at, p_terms.ends_at, is_dry,
                   p_terms.part, p_terms.parts) AS s
  WHERE s.occurred_at < ceil(p_terms.starts_at / 3600000.0) * 3600000
  GROUP BY 1;
  SELECT least(floor(min(v.at) / 3600000.0)::bigint * 3600000,
               (SELECT max(b) FROM unnest(p_terms.period_bounds) AS b WHERE b <= min(v.at)))
  INTO window_from FROM late_viewer v;
  IF (window_from < p_terms.starts_at) IS NOT TRUE THEN
    RETURN false;
  END IF;
  ANALYZE late_viewer;
  CREATE TEMP TABLE earlier ON COMMIT DROP AS
  SELECT s.viewer_id COLLATE "C" AS viewer_id, s.creator_id COLLATE "C" AS creator_id,
         s.content_id COLLATE "C" AS content_id, s.active, s.occurred_at
  FROM seen_events(p_terms.program_id, p_terms.close_no, window_from, p_terms.starts_at, is_dry,
                   p_terms.part, p_terms.parts) AS s
  WHERE NOT s.is_new AND s.viewer_id IN (SELECT v.viewer_id FROM late_viewer v);
  ANALYZE earlier;
  RETURN EXISTS (SELECT 1 FROM earlier);
END $$;

-- When viewers were seen first, of those who have events to judge, in `first_event`; kept for closes to come. What this
-- close sees and the one before did not is what it judges. So where that one asked for the viewers' ages too, it
-- remembers what came before; where it did not, all is read, this once.
CREATE FUNCTION list_first_events(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  counting  bigint[] := counting_attempts(p_terms.program_id, p_terms.close_no);
  is_dry    boolean := p_terms.attempt_id IS NULL;
  read_from bigint := -9223372036854775808;
BEGIN
  CREATE TEMP TABLE first_event (viewer_id text COLLATE "C" PRIMARY KEY, at bigint, is_earlier boolean) ON COMMIT DROP;
  IF EXISTS (
    SELECT 1 FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
    WHERE c.program_id = p_terms.program_id AND c.close_no = p_terms.close_no - 1
      AND v.policy::jsonb #> '{risk,minViewerAgeHours}' IS NOT NULL
  ) THEN
    read_from := p_terms.starts_at;
  END IF;
  INSERT INTO first_event
  SELECT n.viewer_id, least(n.at, k.at), n.at < k.at IS NOT FALSE
  FROM (
    SELECT s.viewer_id COLLATE "C" AS viewer_id, min(s.occurred_at) AS at
    FROM seen_events(p_terms.program_id, p_terms.close_no, read_from, p_terms.ends_at, is_dry,
                     p_terms.part, p_terms.parts) AS s
    GROUP BY 1
  ) AS n
  LEFT JOIN LATERAL (
    SELECT min(f.occurred_at) AS at FROM viewer_first_event f
    WHERE f.program_id = p_terms.program_id AND f.viewer_id = n.viewer_id AND f.attempt_id + 0 = ANY (counting)
  ) AS k ON true;
  ANALYZE first_event;
  INSERT INTO viewer_first_event (program_id, viewer_id, attempt_id, occurred_at)
  SELECT p_terms.program_id, f.viewer_id, p_terms.attempt_id, f.at FROM first_event f WHERE f.is_earlier AND NOT is_dry;
END $$;

-- The limits that the terms set, as SQL of `judge_events`, whose parameters it uses: ranks, a column with the place of
-- each event in its window; joins, what of the window earlier closes have judged; rules, branches of a CASE.
CREATE FUNCTION limits_of(p_terms fold_terms, p_has_earlier boolean, OUT ranks text, OUT joins text, OUT rules text)
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
DECLARE
  in_order constant text := 'ORDER BY s.occurred_at, s.id COLLATE "C", s.source COLLATE "C"';
BEGIN
  ranks := '';
  joins := '';
  rules := '';
  IF p_terms.max_per_hour IS NOT NULL THEN
    ranks := ranks || format(
      ', row_number() OVER (PARTITION BY s.viewer_id, floor(s.occurred_at / 3600000.0) %s)', in_order);
    IF p_has_earlier THEN
      ranks := ranks || ' + coalesce(h.events, 0)';
      joins := joins || $sql$ LEFT JOIN (
        SELECT r.viewer_id, floor(r.occurred_at / 3600000.0) AS hour, count(*) AS events FROM earlier r GROUP BY 1, 2
      ) AS h ON h.viewer_id = s.viewer_id AND h.hour = floor(s.occurred_at / 3600000.0)$sql$;
    END IF;
    ranks := ranks || ' AS in_hour';
    rules := rules || $sql$ WHEN s.in_hour > $6 THEN 'maxEventsPerViewerPerHour'$sql$;
  END IF;
  IF p_terms.max_toggles IS NOT NULL THEN
    ranks := ranks || format(
      ', row_number() OVER (PARTITION BY s.viewer_id, s.creator_id, s.content_id, width_bucket(s.occurred_at, $10) %s)',
      in_order);
    IF p_has_earlier THEN
      ranks := ranks || ' + coalesce(t.events, 0)';
      joins := joins || $sql$ LEFT JOIN (
        SELECT r.viewer_id, r.creator_id, r.content_id, width_bucket(r.occurred_at, $10) AS bucket, count(*) AS events
        FROM earlier r GROUP BY 1, 2, 3, 4
      ) AS t ON (t.viewer_id, t.creator_id, t.content_id, t.bucket)
              = (s.viewer_id, s.creator_id, s.content_id, width_bucket(s.occurred_at, $10))$sql$;
    END IF;
    ranks := ranks || ' AS in_engagement';
    rules := rules || $sql$ WHEN s.in_engagement > $7 THEN 'maxTogglesPerEngagement'$sql$;
  END IF;
  IF p_terms.max_likes_per_pair IS NOT NULL THEN
    ranks := ranks || format($sql$, count(*) FILTER (WHERE s.active AND s.content_id <> '') OVER (
        PARTITION BY s.viewer_id, s.creator_id, width_bucket(s.occurred_at, $10) %s ROWS UNBOUNDED PRECEDING
      )$sql$, in_order);
    IF p_has_earlier THEN
      ranks := ranks || ' + coalesce(p.likes, 0)';
      joins := joins || $sql$ LEFT JOIN (
        SELECT r.viewer_id, r.creator_id, width_bucket(r.occurred_at, $10) AS bucket, count(*) AS likes FROM earlier r
        WHERE r.active AND r.content_id <> '' GROUP BY 1, 2, 3
      ) AS p ON (p.viewer_id, p.creator_id, p.bucket)
              = (s.viewer_id, s.creator_id, width_bucket(s.occurred_at, $10))$sql$;
    END IF;
    ranks := ranks || ' AS in_pair';
    rules := rules || $sql$ WHEN s.content_id <> '' AND s.in_pair > $8 THEN 'maxLikesPerPair'$sql$;
  END IF;
  IF p_terms.min_age_hours IS NOT NULL THEN
    rules := rules || $sql$
      WHEN s.occurred_at < (SELECT f.at FROM first_event f WHERE f.viewer_id = s.viewer_id) + $9 * 3600000::bigint
      THEN 'minViewerAgeHours'$sql$;
  END IF;
END $$;

-- Makes `judged` of the events that this close is the first to see, or that are of this very period. Rules in their
-- order; take-backs always count. An event that nothing but a blocked list excludes enters the register all the same:
-- when the block ends, what it left is there. What a function returns has the database's own collation, and ids have to
-- compare as bytes: hence COLLATE.
CREATE FUNCTION judge_events(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  limits record;
BEGIN
  PERFORM list_own_viewers(p_terms);
  IF p_terms.min_age_hours IS NOT NULL THEN
    PERFORM list_first_events(p_terms);
  END IF;
  limits := limits_of(p_terms, list_earlier_events(p_terms));
  EXECUTE format($sql$
    CREATE TEMP TABLE judged ON COMMIT DROP AS
    SELECT s.viewer_id COLLATE "C" AS viewer_id, s.creator_id COLLATE "C" AS creator_id,
           s.content_id COLLATE "C" AS content_id, s.active, s.occurred_at, s.id COLLATE "C" AS id,
           s.source COLLATE "C" AS source,
           CASE WHEN s.is_self THEN 'selfEngagement'
                WHEN s.active AND s.viewer_id = ANY ($3) THEN 'blockedViewers'
                WHEN s.active AND s.creator_id = ANY ($4) THEN 'blockedCreators'
                ELSE s.kept_out_by
           END AS rule,
           NOT s.is_self AND s.kept_out_by IS NULL AS in_register
    FROM (
      SELECT s.*,
             s.active AND (s.viewer_id = s.creator_id
               OR (s.creator_id, s.viewer_id) IN (SELECT o.creator_id, o.viewer_id FROM own_viewer o)) AS is_self,
             CASE WHEN NOT s.active THEN NULL %s WHEN s.occurred_at < $5 THEN 'tooLate' END AS kept_out_by
      FROM (SELECT s.* %s FROM seen_events($1, $2, $11, $12, $13, $14, $15) AS s %s) AS s
    ) AS s$sql$, limits.rules, limits.ranks, limits.joins)
  USING p_terms.program_id, p_terms.close_no, p_terms.blocked_viewers, p_terms.blocked_creators, p_terms.late_before,
        p_terms.max_per_hour, p_terms.max_toggles, p_terms.max_likes_per_pair, p_terms.min_age_hours,
        p_terms.period_bounds, p_terms.starts_at, p_terms.ends_at, p_terms.attempt_id IS NULL, p_terms.part,
        p_terms.parts;
  ANALYZE judged; -- without it the joins that follow may be planned for a handful of rows
END $$;

-- Makes `changed` of what changes in the register: an engagement has a newer winner, or is gained or lost now. net: 1
-- where it is gained, -1 where it is lost, but 0 where the close that it was gained in was void.
CREATE FUNCTION list_changes(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
DECLARE
  counting         bigint[] := counting_attempts(p_terms.program_id, p_terms.close_no);
  -- Whom this close's policy blocks, or the one before it: what is theirs may be lost or gained though no event touches
  -- it.
  blocked_viewers  text[] := p_terms.blocked_viewers
                             || blocked_before(p_terms.program_id, p_terms.close_no, 'blockedViewers');
  blocked_creators text[] := p_terms.blocked_creators
                             || blocked_before(p_terms.program_id, p_terms.close_no, 'blockedCreators');
  is_any_blocked   boolean := cardinality(blocked_viewers) + cardinality(blocked_creators) > 0;
BEGIN
  CREATE TEMP TABLE void_close ON COMMIT DROP AS
  SELECT a.creator_id, c.close_no FROM allocation a JOIN close c ON c.attempt_id = a.attempt_id
  WHERE a.program_id = p_terms.program_id AND a.void AND a.attempt_id = ANY (counting);
  ANALYZE void_close;

  CREATE TEMP TABLE changed ON COMMIT DROP AS
  -- The latest event that enters the register, of each engagement that events touch, the row before, and what was
  -- active at the start.
  WITH touched AS (
    SELECT w.viewer_id, w.creator_id, w.content_id, w.occurred_at, w.id, w.source, w.active,
           g.occurred_at AS before_at, g.event_id AS before_id, g.source AS before_source, g.active AS before_active,
           g.gained_close, g.lost_close, coalesce(g.suspended, false) AS suspended,
           coalesce(b.active, false) AS baseline,
           g.viewer_id IS NULL OR (w.occurred_at, w.id, w.source) > (g.occurred_at, g.event_id, g.source) AS newer
    FROM (
      SELECT DISTINCT ON (j.viewer_id, j.creator_id, j.content_id) j.*
      FROM judged j WHERE j.in_register
      ORDER BY j.viewer_id, j.creator_id, j.content_id, j.occurred_at DESC, j.id DESC, j.source DESC
    ) AS w
    LEFT JOIN (
      SELECT DISTINCT ON (j.viewer_id, j.creator_id, j.content_id) j.viewer_id, j.creator_id, j.content_id, j.active
      FROM judged j WHERE p_terms.close_no = 1 AND j.in_register AND j.occurred_at < p_terms.first_start
      ORDER BY j.viewer_id, j.creator_id, j.content_id, j.occurred_at DESC, j.id DESC, j.source DESC
    ) AS b ON (b.viewer_id, b.creator_id, b.content_id) = (w.viewer_id, w.creator_id, w.content_id)
    -- "+ 0" keeps the list of attempts out of the index search, which before PostgreSQL 17 would descend once for each
    -- of them.
    LEFT JOIN LATERAL (
      SELECT * FROM engagement e
      WHERE p_terms.close_no > 1 AND e.program_id = p_terms.program_id AND e.viewer_id = w.viewer_id
        AND e.creator_id = w.creator_id AND e.content_id = w.content_id AND e.attempt_id + 0 = ANY (counting)
      ORDER BY e.attempt_id DESC LIMIT 1
    ) AS g ON true
  ), state AS (
    SELECT t.viewer_id, t.creator_id, t.content_id, t.gained_close, t.lost_close, t.suspended, t.baseline, t.newer,
           CASE WHEN t.newer THEN t.occurred_at ELSE t.before_at END AS occurred_at,
           CASE WHEN t.newer THEN t.id ELSE t.before_id END AS id,
           CASE WHEN t.newer THEN t.source ELSE t.before_source END AS source,
           CASE WHEN t.newer THEN t.active ELSE t.before_active END AS active
    FROM touched t
    UNION ALL
    -- Engagements that no event touches, but that the policy blocks, or the one before blocked.
    SELECT g.viewer_id, g.creator_id, g.content_id, g.gained_close, g.lost_close, g.suspended, false, false,
           g.occurred_at, g.event_id, g.source, g.active
    FROM (
      SELECT DISTINCT ON (e.viewer_id, e.creator_id, e.content_id) e.* FROM engagement e
      WHERE is_any_blocked AND p_terms.close_no > 1 AND e.program_id = p_terms.program_id
        AND in_part(e.viewer_id, p_terms.part, p_terms.parts)
        AND (e.viewer_id = ANY (blocked_viewers) OR e.creator_id = ANY (blocked_creators))
        AND e.attempt_id = ANY (counting)
      ORDER BY e.viewer_id, e.creator_id, e.content_id, e.attempt_id DESC
    ) AS g
    WHERE NOT EXISTS (
      SELECT 1 FROM judged j
      WHERE j.in_register AND (j.viewer_id, j.creator_id, j.content_id) = (g.viewer_id, g.creator_id, g.content_id))
  )
  SELECT s.viewer_id, s.creator_id, s.content_id, s.occurred_at, s.id, s.source, s.active,
         CASE WHEN s.gains THEN p_terms.close_no WHEN s.baseline THEN 0 ELSE s.gained_close END AS gained_close,
         CASE WHEN s.gains THEN NULL WHEN s.loses THEN p_terms.close_no ELSE s.lost_close END AS lost_close,
         CASE WHEN s.gains THEN false WHEN s.loses THEN s.active ELSE s.suspended END AS suspended,
         CASE WHEN s.gains THEN 1
              WHEN s.loses AND (s.creator_id, s.gained_close) NOT IN (SELECT v.creator_id, v.close_no FROM void_close v)
              THEN -1
              ELSE 0 END AS net
  FROM (
    SELECT e.*, NOT e.baseline AND (e.gained_close IS NULL OR e.suspended) AND e.effective AS gains,
           coalesce(e.gained_close > 0, false) AND e.lost_close IS NULL AND NOT e.effective AS loses
    FROM (
      SELECT *, state.active AND viewer_id <> ALL (p_terms.blocked_viewers)
                AND creator_id <> ALL (p_terms.blocked_creators) AS effective
      FROM state
    ) AS e
  ) AS s
  WHERE s.newer OR s.gains OR s.loses;
  ANALYZE changed;
END $$;

-- Writes what an attempt has found: changes of the register, what was excluded, and that this part is done.
CREATE FUNCTION write_changes(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  INSERT INTO engagement (program_id, viewer_id, creator_id, content_id, attempt_id, occurred_at, event_id, source,
                          active, gained_close, lost_close, suspended)
  SELECT p_terms.program_id, c.viewer_id, c.creator_id, c.content_id, p_terms.attempt_id, c.occurred_at, c.id, c.source,
         c.active, c.gained_close, c.lost_close, c.suspended
  FROM changed c;
  INSERT INTO exclusion (program_id, attempt_id, viewer_id, event_id, source, creator_id, content_id, occurred_at, rule,
                         in_register)
  SELECT p_terms.program_id, p_terms.attempt_id, j.viewer_id, j.id, j.source, j.creator_id, j.content_id, j.occurred_at,
         j.rule, j.in_register
  FROM judged j WHERE j.rule IS NOT NULL;
  INSERT INTO attempt_part (attempt_id, part, register_rows)
  SELECT p_terms.attempt_id, p_terms.part, count(*) FROM changed;
END $$;

-- Keeps what is asked for next, on the same connection: what pairs of viewers and creators come to, for read_pairs, and
-- at the first close the follows as they were at its period's start, for count_follows_before.
CREATE FUNCTION keep_for_later(p_terms fold_terms) RETURNS void
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF p_terms.keep_pairs THEN
    CREATE TEMP TABLE pair_change ON COMMIT PRESERVE ROWS AS
    SELECT * FROM (
      SELECT c.viewer_id, c.creator_id, coalesce(sum(c.net) FILTER (WHERE c.content_id <> ''), 0) AS likes,
             coalesce(sum(c.net) FILTER (WHERE c.content_id = ''), 0) AS follows
      FROM changed c WHERE c.net <> 0 GROUP BY c.viewer_id, c.creator_id
    ) AS p WHERE p.likes <> 0 OR p.follows <> 0;
  END IF;
  IF p_terms.keep_start THEN
    CREATE TEMP TABLE start_follow ON COMMIT PRESERVE ROWS AS
    SELECT DISTINCT ON (j.viewer_id, j.creator_id) j.viewer_id, j.creator_id, j.active, j.occurred_at
    FROM judged j
    WHERE p_terms.close_no = 1 AND j.in_register AND j.content_id = '' AND j.occurred_at < p_terms.first_start
    ORDER BY j.viewer_id, j.creator_id, j.occurred_at DESC, j.id DESC, j.source DESC;
  END IF;
END $$;

-- How many events each rule excluded, and the likes and follows that they would have added.
CREATE FUNCTION count_excluded(p_terms fold_terms)
RETURNS TABLE (rule text, events bigint, added_likes bigint, added_follows bigint)
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  counting bigint[] := counting_attempts(p_terms.program_id, p_terms.close_no);
BEGIN
  RETURN QUERY
  WITH latest_excluded AS (
    SELECT DISTINCT ON (j.rule, j.viewer_id, j.creator_id, j.content_id) j.*
    FROM judged j WHERE j.rule IS NOT NULL AND j.occurred_at >= p_terms.first_start
    ORDER BY j.rule, j.viewer_id, j.creator_id, j.content_id, j.occurred_at DESC, j.id DESC, j.source DESC
  ), would_add AS (
    SELECT x.rule, x.content_id
    FROM latest_excluded x
    LEFT JOIN changed n USING (viewer_id, creator_id, content_id)
    LEFT JOIN LATERAL (
      SELECT * FROM engagement e
      WHERE n.viewer_id IS NULL AND e.program_id = p_terms.program_id AND e.viewer_id = x.viewer_id
        AND e.creator_id = x.creator_id AND e.content_id = x.content_id AND e.attempt_id + 0 = ANY (counting)
      ORDER BY e.attempt_id DESC LIMIT 1
    ) AS g ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(n.active, g.active, false) AS active, coalesce(n.occurred_at, g.occurred_at) AS occurred_at,
             coalesce(n.id, g.event_id) AS id, coalesce(n.source, g.source) AS source,
             coalesce(n.gained_close, g.gained_close) AS gained_close,
             coalesce(n.lost_close, g.lost_close) AS lost_close,
             coalesce(n.suspended, g.suspended, false) AS suspended
    ) AS r
    WHERE NOT (r.active AND x.viewer_id <> ALL (p_terms.blocked_viewers)
               AND x.creator_id <> ALL (p_terms.blocked_creators))
      -- An event that a blocked list excludes may be the winner itself.
      AND (r.occurred_at IS NULL OR (x.occurred_at, x.id, x.source) >= (r.occurred_at, r.id, r.source))
      AND CASE WHEN r.lost_close = p_terms.close_no THEN NOT EXISTS (
                 SELECT 1 FROM void_close v WHERE v.creator_id = x.creator_id AND v.close_no = r.gained_close)
               ELSE r.gained_close IS NULL OR r.suspended END
  ), added AS (
    SELECT a.rule, count(*) FILTER (WHERE a.content_id <> '') AS likes,
           count(*) FILTER (WHERE a.content_id = '') AS follows
    FROM would_add a GROUP BY a.rule
  )
  SELECT t.rule, t.events, coalesce(a.likes, 0), coalesce(a.follows, 0)
  FROM (SELECT j.rule, count(*) AS events FROM judged j WHERE j.rule IS NOT NULL GROUP BY j.rule) AS t
  LEFT JOIN added a USING (rule);
END $$;

-- What each creator gained and lost, and with count_followers their followers at the end of the period, by creator.
CREATE FUNCTION count_creators(p_terms fold_terms)
RETURNS TABLE (creator_id text, net_likes bigint, net_follows bigint, followers bigint)
LANGUAGE plpgsql SET search_path = rewardbook, pg_temp AS $$
#variable_conflict use_column
DECLARE
  counting bigint[] := counting_attempts(p_terms.program_id, p_terms.close_no);
BEGIN
  RETURN QUERY
  WITH gained AS (
    SELECT c.creator_id, sum(c.net) FILTER (WHERE c.content_id <> '') AS likes,
           sum(c.net) FILTER (WHERE c.content_id = '') AS follows
    FROM changed c WHERE c.net <> 0 GROUP BY c.creator_id
  ), follow_state AS (
    SELECT n.viewer_id, n.creator_id, n.active, n.occurred_at FROM changed n
    WHERE p_terms.count_followers AND n.content_id = ''
    UNION ALL
    SELECT * FROM (
      SELECT DISTINCT ON (e.viewer_id, e.creator_id) e.viewer_id, e.creator_id, e.active, e.occurred_at
      FROM engagement e
      WHERE p_terms.count_followers AND e.program_id = p_terms.program_id AND e.content_id = ''
        AND e.attempt_id = ANY (counting) AND in_part(e.viewer_id, p_terms.part, p_terms.parts)
      ORDER BY e.viewer_id, e.creator_id, e.attempt_id DESC
    ) AS g
    WHERE NOT EXISTS (
      SELECT 1 FROM changed n WHERE n.viewer_id = g.viewer_id AND n.creator_id = g.creator_id AND n.content_id = '')
  ), follower AS (
    SELECT f.creator_id, count(*) AS followers
    FROM follow_state f
    LEFT JOIN creators_at(p_terms.program_id, p_terms.creators_version) c
      ON p_terms.count_followers AND c.creator_id = f.creator_id
    LEFT JOIN unnest(p_terms.joined_days, p_terms.joined_instants) AS d (day, instant) ON d.day = c.joined_on
    WHERE f.active AND f.viewer_id <> ALL (p_terms.blocked_viewers) AND f.creator_id <> ALL (p_terms.blocked_creators)
      AND (d.instant IS NULL OR f.occurred_at >= d.instant)
    GROUP BY f.creator_id
  )
  SELECT creator_id, coalesce(n.likes, 0), coalesce(n.follows, 0), coalesce(f.followers, 0)
  FROM gained n FULL JOIN follower f USING (creator_id)
  WHERE n.likes <> 0 OR n.follows <> 0 OR f.followers > 0
  ORDER BY creator_id COLLATE "C";
END $$;

-- Judges the events of a period and folds them into the register, for one share of the viewers. Without an attempt it
-- is a dry run, which writes nothing. Returns one row for each creator with a net count that is not zero or
-- (count_followers) followers, by creator_id, with rule null; and one for each rule that excluded events, with
-- creator_id null. The rules one by one are in packages/domain/src/events;
-- services/ledger/src/recovery/random-histories.test.ts compares both on random events.
CREATE FUNCTION fold_events(p_terms fold_terms)
RETURNS TABLE (creator_id text, net_likes bigint, net_follows bigint, followers bigint,
               rule text, events bigint, added_likes bigint, added_follows bigint)
LANGUAGE plpgsql SECURITY DEFINER
-- Plans depend on the terms: whole branches fall away for the first close, or where nobody is blocked.
SET search_path = rewardbook, pg_temp SET work_mem = '256MB' SET jit = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  IF p_terms.attempt_id IS NOT NULL THEN
    PERFORM hold_attempt(p_terms.program_id, p_terms.attempt_id);
  END IF;
  PERFORM assert_fold_terms(p_terms);
  -- So that all of these are made here: what the caller has put in their place makes this fail.
  DROP TABLE IF EXISTS pg_temp.own_viewer, pg_temp.late_viewer, pg_temp.earlier, pg_temp.first_event, pg_temp.judged,
    pg_temp.void_close, pg_temp.changed, pg_temp.pair_change, pg_temp.start_follow;
  PERFORM judge_events(p_terms);
  PERFORM list_changes(p_terms);
  IF p_terms.attempt_id IS NOT NULL THEN
    PERFORM write_changes(p_terms);
  END IF;
  PERFORM keep_for_later(p_terms);
  RETURN QUERY
  SELECT NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, x.rule, x.events, x.added_likes, x.added_follows
  FROM count_excluded(p_terms) AS x;
  RETURN QUERY
  SELECT c.creator_id, c.net_likes, c.net_follows, c.followers, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint
  FROM count_creators(p_terms) AS c;
END $$;
