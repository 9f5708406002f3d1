import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { connect } from '@rewardbook/db/client';

const run = promisify(execFile);

const TABLE = 'floor.event';
const STAGE = `CREATE TEMPORARY TABLE stage (
  id text COLLATE "C", source text COLLATE "C", viewer_id text COLLATE "C", creator_id text COLLATE "C", content_id text COLLATE "C",
  active boolean, occurred_at bigint) ON COMMIT DROP`;
const MERGE = `INSERT INTO ${TABLE} (program_id, id, source, viewer_id, creator_id, content_id, active, occurred_at, batch_id)
  SELECT 1, id, source, viewer_id, creator_id, content_id, active, occurred_at, 1 FROM stage ON CONFLICT DO NOTHING`;

/** The same work without a service: COPY into a temporary table, INSERT … ON CONFLICT, in one transaction. */
export interface Floor {
  /** `psql`, or the library used instead if it is not installed. */
  readonly tool: string;
  /** Seconds, and how many rows were new. */
  merge(file: string): Promise<{ seconds: number; inserted: number }>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The table is made LIKE ours INCLUDING ALL: the same columns, primary key and block range index. */
export async function openFloor(ownerUrl: string): Promise<Floor> {
  const sql = connect(ownerUrl, { max: 1, statementTimeoutMs: 0 });
  await sql`CREATE SCHEMA floor`;
  await sql`CREATE TABLE floor.event (LIKE rewardbook.event INCLUDING ALL)`;
  const hasPsql = await run('psql', ['--version']).then(
    () => true,
    () => false,
  );

  const withPsql = async (file: string): Promise<void> => {
    const script = ['BEGIN', STAGE, `\\copy stage FROM '${file}'`, MERGE, 'COMMIT'];
    await run('psql', [ownerUrl, '-X', '-q', '-v', 'ON_ERROR_STOP=1', ...script.flatMap((line) => ['-c', line])]);
  };
  const withLibrary = async (file: string): Promise<void> => {
    const connection = await sql.reserve();
    await connection`BEGIN`;
    await connection.unsafe(STAGE);
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 18 }),
      await connection`COPY stage FROM STDIN`.writable(),
    );
    await connection.unsafe(MERGE);
    await connection`COMMIT`;
    connection.release();
  };
  const rows = async () => Number((await sql.unsafe(`SELECT count(*) AS n FROM ${TABLE}`))[0]?.n);

  return {
    tool: hasPsql ? 'psql' : 'COPY (no psql here)',
    async merge(file) {
      const before = await rows();
      const begun = performance.now();
      await (hasPsql ? withPsql(file) : withLibrary(file));
      const seconds = (performance.now() - begun) / 1000;
      return { seconds, inserted: (await rows()) - before };
    },
    async reset() {
      await sql.unsafe(`TRUNCATE ${TABLE}`);
      await sql`CHECKPOINT`;
    },
    close: () => sql.end(),
  };
}

/** Reads a file once, so that neither side is the first to wait for the disk. */
export async function warm(file: string): Promise<void> {
  const stream = createReadStream(file);
  stream.resume();
  await once(stream, 'end');
}
