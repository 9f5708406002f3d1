import type { Sql } from '@rewardbook/db/client';

/** A phase of a close in plain SQL: the same rows read, reduced and written, without rules, hashes, checks or protection. */
interface Floor {
  readonly phase: string;
  /** Before the clock starts. */
  readonly prepare: readonly string[];
  readonly statements: readonly string[];
}

const LATEST = `
  SELECT DISTINCT ON (viewer_id, creator_id, content_id) program_id, viewer_id, creator_id, content_id, 1::bigint AS attempt_id,
         occurred_at, id, source, active, CASE WHEN active THEN 1 END AS gained_close, NULL::integer AS lost_close
  FROM event WHERE program_id = 1
  ORDER BY viewer_id, creator_id, content_id, occurred_at DESC, id DESC, source DESC`;
const COUNT = `
  SELECT creator_id, count(*) FILTER (WHERE active AND content_id <> '') AS likes, count(*) FILTER (WHERE active AND content_id = '') AS follows`;

export const FLOORS: readonly Floor[] = [
  {
    phase: 'counting alone',
    prepare: [],
    statements: [`SELECT count(*) FROM (${COUNT} FROM (${LATEST}) AS latest GROUP BY creator_id) AS counted`],
  },
  {
    phase: 'fold',
    prepare: ['CREATE TABLE floor_register (LIKE engagement INCLUDING ALL)'],
    statements: [
      `INSERT INTO floor_register ${LATEST}`,
      `CREATE TABLE floor_net AS ${COUNT} FROM floor_register GROUP BY creator_id`,
    ],
  },
  {
    phase: 'registry',
    prepare: [],
    statements: [
      `SELECT sha256(convert_to(string_agg(json_build_array(creator_id, country, joined_on, followers, viewer_ids)::text, ',' ORDER BY creator_id), 'UTF8'))
       FROM creators_at(1, 1)`,
    ],
  },
  {
    phase: 'compute',
    prepare: [
      `CREATE TABLE floor_split (creator_id text COLLATE "C", likes bigint, follows bigint, weight numeric, amount numeric)`,
    ],
    statements: [
      `INSERT INTO floor_split
       WITH weights AS (SELECT *, (likes + follows)::numeric AS weight FROM floor_net WHERE likes + follows > 0),
            quotas AS (SELECT *, div(5000000000 * weight, sum(weight) OVER ()) AS quota, mod(5000000000 * weight, sum(weight) OVER ()) AS remainder FROM weights)
       SELECT creator_id, likes, follows, weight,
              quota + (row_number() OVER (ORDER BY remainder DESC, creator_id) <= 5000000000 - sum(quota) OVER ())::integer FROM quotas`,
    ],
  },
  {
    phase: 'stage',
    prepare: ['CREATE TABLE floor_allocation (LIKE allocation INCLUDING ALL)'],
    statements: [
      `INSERT INTO floor_allocation SELECT 1, 1, creator_id, likes, follows, 0, 0, weight, weight, amount / 100, false FROM floor_split ORDER BY creator_id`,
    ],
  },
  {
    phase: 'commit',
    prepare: ['CREATE TABLE floor_sheet (LIKE posting_sheet INCLUDING ALL)'],
    statements: [
      `INSERT INTO floor_sheet SELECT 1, 1, min(creator_id), min(place), array_agg(creator_id ORDER BY place), array_agg(-amount / 100 ORDER BY place)
       FROM (SELECT *, row_number() OVER (ORDER BY creator_id)::integer AS place FROM floor_split) AS s GROUP BY (place - 1) / 128`,
    ],
  },
];

/** Seconds of each phase in plain SQL, on a copy of the books; what it makes is left in the copy. */
export async function measureFloors(sql: Sql): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const { phase, prepare, statements } of FLOORS) {
    for (const statement of prepare) {
      await sql.unsafe(statement);
    }
    const startedAtMs = performance.now();
    for (const statement of statements) {
      await sql.unsafe(statement);
    }
    seconds[phase] = (performance.now() - startedAtMs) / 1000;
  }
  return seconds;
}
