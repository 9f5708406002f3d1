import { DuckDBInstance } from '@duckdb/node-api';

// What a pro-rata simulation of one month comes to, in SQL: events of the same identity once, the last one of each engagement, what
// is gained by creator, and the floor of each one's part of the pool (here nobody gets the units left, which is to its advantage).
const [file = '', pool = ''] = process.argv.slice(2);

const QUERY = `
WITH accepted AS (
  SELECT viewerId, source, id,
    any_value(type) AS type, any_value(creatorId) AS creatorId, any_value(contentId) AS contentId,
    any_value(occurredAt) AS occurredAt
  FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {
    id: 'VARCHAR', source: 'VARCHAR', type: 'VARCHAR', viewerId: 'VARCHAR', creatorId: 'VARCHAR', contentId: 'VARCHAR',
    occurredAt: 'TIMESTAMP'})
  GROUP BY viewerId, source, id
), engagement AS (
  SELECT creatorId, contentId, arg_max(type, occurredAt) AS type
  FROM accepted
  WHERE viewerId <> creatorId OR type IN ('unlike', 'unfollow')
  GROUP BY viewerId, creatorId, contentId
), creator AS (
  SELECT creatorId,
    count(*) FILTER (WHERE type = 'like') AS likes,
    count(*) FILTER (WHERE type = 'follow') AS follows
  FROM engagement
  WHERE type IN ('like', 'follow')
  GROUP BY creatorId
)
SELECT creatorId, likes, follows,
  floor(${pool.replace('.', '')}::HUGEINT * (likes + 5 * follows) // sum(likes + 5 * follows) OVER ()) AS amount
FROM creator
ORDER BY creatorId`;

const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const connection = await instance.connect();
const rows = await (await connection.runAndReadAll(QUERY)).getRows();
process.stdout.write(
  JSON.stringify(rows.map(([creatorId, likes, follows]) => [creatorId, Number(likes), Number(follows)])),
);
