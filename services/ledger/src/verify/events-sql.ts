import type { Sql } from '@rewardbook/db/client';
import type { Finding } from './books-sql.ts';

type FindingRow = { checked: number; difference: string | null };

const finding = async (rows: Promise<FindingRow[]>): Promise<Finding> => {
  const [row] = await rows;
  return row ?? { checked: 0, difference: null };
};

/** Each event is there once, and each batch has as many as were accepted with it. */
export function checkEvents(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH counted AS (
      SELECT batch_id, count(*) AS events FROM event WHERE program_id = ${programId} GROUP BY batch_id
    ), compared AS (
      SELECT coalesce(b.batch_id, c.batch_id) AS batch_id, b.accepted, coalesce(c.events, 0) AS events
      FROM (SELECT * FROM ingest_batch WHERE program_id = ${programId}) AS b FULL JOIN counted c USING (batch_id)
    ), twice AS (
      SELECT viewer_id, source, id FROM event WHERE program_id = ${programId} GROUP BY viewer_id, source, id HAVING count(*) > 1
    )
    SELECT (SELECT coalesce(sum(events), 0) FROM compared)::float8 AS checked, coalesce(
      (SELECT min(format('event %s of viewer %s and source %s is there more than once', id, viewer_id, source) COLLATE "C") FROM twice),
      (SELECT min(format('batch %s accepted %s events, %s are there', batch_id, coalesce(accepted::text, 'no'), events) COLLATE "C")
         FROM compared WHERE accepted IS DISTINCT FROM events)) AS difference`);
}

/** The live estimates have every event of a tallied batch once. */
export function checkTallies(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH counted AS (
      SELECT e.creator_id, count(*) AS events FROM event e JOIN ingest_batch b ON b.batch_id = e.batch_id
      WHERE e.program_id = ${programId} AND b.tallied_at IS NOT NULL GROUP BY e.creator_id
    ), tallied AS (
      SELECT creator_id, sum(likes + unlikes + follows + unfollows) AS events FROM tally WHERE program_id = ${programId} GROUP BY creator_id
    )
    SELECT count(*)::float8 AS checked,
           min(format('creator %s: %s events are tallied, %s were recorded', coalesce(t.creator_id, c.creator_id), coalesce(t.events, 0), coalesce(c.events, 0)) COLLATE "C")
             FILTER (WHERE t.events IS DISTINCT FROM c.events) AS difference
    FROM counted c FULL JOIN tallied t USING (creator_id)`);
}

/** The register's winner of each engagement is the latest event that the closes so far have judged and let in. */
export function checkRegister(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH closed AS (
      SELECT attempt_id, close_no, ends_at FROM close WHERE program_id = ${programId} AND status = 'closed'
    ), latest AS (
      SELECT DISTINCT ON (e.viewer_id, e.creator_id, e.content_id)
             e.viewer_id, e.creator_id, e.content_id, e.occurred_at, e.id, e.source, e.active
      FROM event e JOIN ingest_batch b ON b.batch_id = e.batch_id
      WHERE e.program_id = ${programId} AND b.sealed_at IS NOT NULL AND b.seen_close <= (SELECT max(close_no) FROM closed)
        AND e.occurred_at < (SELECT max(ends_at) FROM closed)
        AND NOT EXISTS (
          SELECT 1 FROM exclusion x JOIN closed c ON c.attempt_id = x.attempt_id
          WHERE x.program_id = ${programId} AND NOT x.in_register
            AND (x.viewer_id, x.event_id, x.source) = (e.viewer_id, e.id, e.source))
      ORDER BY e.viewer_id, e.creator_id, e.content_id, e.occurred_at DESC, e.id DESC, e.source DESC
    ), register AS (
      SELECT DISTINCT ON (g.viewer_id, g.creator_id, g.content_id) g.*
      FROM engagement g JOIN closed c ON c.attempt_id = g.attempt_id
      WHERE g.program_id = ${programId}
      ORDER BY g.viewer_id, g.creator_id, g.content_id, c.close_no DESC
    )
    SELECT count(*)::float8 AS checked,
           min(format('viewer %s, creator %s, %s: the register has event %s, the events say %s', viewer_id, creator_id,
                      CASE content_id WHEN '' THEN 'follow' ELSE 'content ' || content_id END,
                      coalesce(format('%s of %s at %s (%s)', g.event_id, g.source, g.occurred_at, CASE WHEN g.active THEN 'active' ELSE 'taken back' END), 'none'),
                      coalesce(format('%s of %s at %s (%s)', l.id, l.source, l.occurred_at, CASE WHEN l.active THEN 'active' ELSE 'taken back' END), 'none')) COLLATE "C")
             FILTER (WHERE (g.occurred_at, g.event_id, g.source, g.active) IS DISTINCT FROM (l.occurred_at, l.id, l.source, l.active)) AS difference
    FROM register g FULL JOIN latest l USING (viewer_id, creator_id, content_id)`);
}

/** What the register says was gained and lost at each close are the net counts of its allocations; an engagement earns once. */
export function checkGains(sql: Sql, programId: number): Promise<Finding> {
  return finding(sql<FindingRow[]>`
    WITH closed AS (
      SELECT attempt_id, close_no, period FROM close WHERE program_id = ${programId} AND status = 'closed'
    ), state AS (
      SELECT c.period, c.close_no, g.attempt_id, g.creator_id, g.content_id, g.gained_close, g.lost_close
      FROM engagement g JOIN closed c ON c.attempt_id = g.attempt_id WHERE g.program_id = ${programId}
    ), net AS (
      SELECT s.period, s.creator_id,
             count(*) FILTER (WHERE s.content_id <> '' AND s.gained_close = s.close_no)
               - count(*) FILTER (WHERE s.content_id <> '' AND s.lost_close = s.close_no AND v.creator_id IS NULL) AS likes,
             count(*) FILTER (WHERE s.content_id = '' AND s.gained_close = s.close_no)
               - count(*) FILTER (WHERE s.content_id = '' AND s.lost_close = s.close_no AND v.creator_id IS NULL) AS follows
      FROM state s
      LEFT JOIN (SELECT a.creator_id, c.close_no FROM allocation a JOIN closed c ON c.attempt_id = a.attempt_id WHERE a.program_id = ${programId} AND a.void) AS v
        ON v.creator_id = s.creator_id AND v.close_no = s.gained_close
      GROUP BY s.period, s.creator_id
    ), given AS (
      SELECT c.period, a.creator_id, a.net_likes AS likes, a.net_follows AS follows
      FROM allocation a JOIN closed c ON c.attempt_id = a.attempt_id WHERE a.program_id = ${programId}
    )
    SELECT count(*)::float8 AS checked,
           min(format('period %s, creator %s: the register says %s likes and %s follows, the allocation %s and %s', period, creator_id,
                      coalesce(n.likes, 0), coalesce(n.follows, 0), coalesce(g.likes, 0), coalesce(g.follows, 0)) COLLATE "C")
             FILTER (WHERE coalesce(n.likes, 0) <> coalesce(g.likes, 0) OR coalesce(n.follows, 0) <> coalesce(g.follows, 0)) AS difference
    FROM net n FULL JOIN given g USING (period, creator_id)`);
}

/** An event as a close has seen it: `seenClose` is null where that is no later than the close of its own period. */
export interface SeenEventRow {
  readonly id: string;
  readonly source: string;
  readonly viewerId: string;
  readonly creatorId: string;
  readonly contentId: string;
  readonly active: boolean;
  readonly occurredAt: number;
  readonly lateAt: number | null;
}

/** Events of the batches that the closes so far have seen, one by one. */
export async function readSeenEvents(
  sql: Sql,
  programId: number,
  closes: number,
  each: (event: SeenEventRow) => void,
): Promise<void> {
  await sql<SeenEventRow[]>`
    SELECT e.id, e.source, e.viewer_id AS "viewerId", e.creator_id AS "creatorId", e.content_id AS "contentId", e.active,
           e.occurred_at::float8 AS "occurredAt",
           CASE WHEN b.seen_close > 1 AND e.occurred_at < c.starts_at THEN b.seen_close END AS "lateAt"
    FROM event e
    JOIN ingest_batch b ON b.batch_id = e.batch_id
    JOIN close c ON c.program_id = b.program_id AND c.close_no = b.seen_close
    WHERE e.program_id = ${programId} AND b.program_id = ${programId} AND b.seen_close <= ${closes}`.forEach(each);
}
