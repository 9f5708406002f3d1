import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StubServices, startStubServices } from '../../packages/cli/src/commands/replay/stub-services.ts';
import { runHere } from '../support/test-run.ts';
import { writeTables } from './write-tables.ts';

// The same events as NDJSON, CSV and Parquet come to the same bytes, whoever reads them.

/** One event, written as Spark writes its time: INT96, 2026-10-03T14:00:00.123999999 in UTC. */
const INT96 =
  'UEFSMRUGFQwVDFwVAhUAFQIVABUAFQAAAAIAAABlMRUGFRAVEFwVAhUAFQIVABUAFQAAAAQAAABsaWtlFQYVChUKXBUCFQAVAhUAFQAVAAAAAQAAAHYVBhUKFQpcFQIVABUCFQAVABUAAAABAAAAYxUGFQoVClwVAhUAFQIVABUAFQAAAAEAAABrFQYVGBUYXBUCFQAVAhUAFQAVAAAA/9Z8sdYtAACFjiUAFQQZfEgEcm9vdBUMABUMJQAYCGV2ZW50X2lkJQAAFQwlABgEa2luZCUAABUMJQAYB3VzZXJfaWQlAAAVDCUAGApjcmVhdG9yX2lkJQAAFQwlABgIdmlkZW9faWQlAAAVBhUYFQAYAnRzABYCGRwZbCYIHBUMGRUAGRgIZXZlbnRfaWQVABYCFjYWNiYIAAAmPhwVDBkVABkYBGtpbmQVABYCFjoWOiY+AAAmeBwVDBkVABkYB3VzZXJfaWQVABYCFjQWNCZ4AAAmrAEcFQwZFQAZGApjcmVhdG9yX2lkFQAWAhY0FjQmrAEAACbgARwVDBkVABkYCHZpZGVvX2lkFQAWAhY0FjQm4AEAACaUAhwVBhkVABkYAnRzFQAWAhZCFkImlAIAABbOAhYCNs4CACgJaHlwYXJxdWV0GWwcAAAcAAAcAAAcAAAcAAAcAAAAUAEAAFBBUjE=';

const POLICY = { program: 'p', name: 'P', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' };
const NEXT = { ...POLICY, weights: { like: '1', follow: '7' } };
const REVENUE = '--revenue 2026-09=123456.78 2026-10=1000.00';
/** Ids that are numbers too large for a number, and names that no guess knows. */
const SELECT = `
  SELECT id AS row_key, source, type AS what, viewerId AS fan, creatorId AS star, nullif(contentId, '') AS thing,
    occurredAt::TIMESTAMPTZ AS at, random() AS noise
  FROM read_json('EVENTS', format = 'newline_delimited', columns = {
    id: 'VARCHAR', source: 'VARCHAR', type: 'VARCHAR', viewerId: 'VARCHAR', creatorId: 'VARCHAR', contentId: 'VARCHAR',
    occurredAt: 'VARCHAR'})`;
const COLUMNS = '--columns id=row_key,type=what,viewerId=fan,creatorId=star,contentId=thing,occurredAt=at';
const CODECS = ['snappy', 'zstd', 'gzip', 'uncompressed'];

let folder: string;
let ndjson: string;
let tables: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-formats-'));
  ndjson = join(folder, 'events.ndjson');
  const scenario = readScenario(
    await readFile(new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8'),
  );
  const events = [...generateEvents({ ...scenario, events: 1_500, creators: 40, viewers: 150 })];
  // More digits than a number has. A creator's own viewer id is told apart by its first one.
  const long = (id: string): string =>
    `${id.includes('own') ? 8 : 9}00719925474${id.replaceAll(/\D/g, '').slice(-5).padStart(5, '0')}`;
  const lines = events.map((event) =>
    eventLine({ ...event, viewerId: long(event.viewerId), creatorId: long(event.creatorId) }),
  );
  await writeFile(ndjson, [...lines, lines[0]].join('\n'));
  await Promise.all([
    writeFile(join(folder, 'policy.json'), JSON.stringify(POLICY)),
    writeFile(join(folder, 'next.json'), JSON.stringify(NEXT)),
  ]);
  const select = SELECT.replace('EVENTS', ndjson);
  const csv = { path: join(folder, 'events.csv'), options: 'FORMAT csv, HEADER' };
  const semicolons = {
    path: join(folder, 'semicolons.txt'),
    options: "FORMAT csv, HEADER, DELIMITER ';', QUOTE '\"', FORCE_QUOTE *",
  };
  const parquet = CODECS.map((codec) => ({
    path: join(folder, `${codec}.parquet`),
    options: `FORMAT parquet, CODEC '${codec}', ROW_GROUP_SIZE 2048`,
  }));
  await writeTables(select, [csv, semicolons, ...parquet]);
  // The same ids as numbers.
  const numbers = { path: join(folder, 'bigint.data'), options: "FORMAT parquet, CODEC 'zstd'" };
  await writeTables(select.replaceAll(/(viewerId|creatorId) AS/g, '$1::BIGINT AS'), [numbers]);
  await writeFile(join(folder, 'events.csv.gz'), gzipSync(await readFile(csv.path)));
  tables = [csv, semicolons, ...parquet, numbers].map(({ path }) => path).concat(join(folder, 'events.csv.gz'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: string, stdin: Uint8Array | string = '') {
  return runHere(args.replaceAll('@', folder).split(' '), stdin);
}

describe('the same events in other formats', () => {
  it.each([
    ['simulate', `simulate --policy @/policy.json ${REVENUE} --json --events`],
    ['compare', `compare --policy @/policy.json --policy @/next.json ${REVENUE} --format csv --events`],
    ['sweep', `sweep --policy @/policy.json --set weights.follow=1..3:1 ${REVENUE} --json --events`],
    ['attack', `attack --policy @/policy.json --kind bought-followers --size 10 ${REVENUE} --json --events`],
    ['screen', 'screen --policy @/policy.json --json --events'],
  ])('are answered by %s with the same bytes', async (_, command) => {
    const expected = await run(`${command} ${ndjson}`);
    expect(expected).toMatchObject({ code: 0, stdout: expect.stringMatching(/.{100}/s) });
    for (const table of tables) {
      const found = await run(`${command} ${table} ${COLUMNS}`);
      expect(found.stderr).toContain(
        'columns: id=row_key, source=source, type=what, viewerId=fan, creatorId=star, contentId=thing, occurredAt=at; not used: noise',
      );
      expect(found).toMatchObject({ code: 0, stdout: expected.stdout });
    }
  });

  it('are the same for diff, which knows columns by their names', async () => {
    const renamed = join(folder, 'renamed.parquet');
    const select = SELECT.replace('EVENTS', ndjson).replaceAll(/ AS (row_key|what|fan|star|thing|at)/g, '');
    await writeTables(
      select
        .replace('::TIMESTAMPTZ', '::TIMESTAMPTZ AS "occurredAt"')
        .replace("nullif(contentId, '')", 'nullif(contentId, \'\') AS "contentId"'),
      [{ path: renamed, options: 'FORMAT parquet' }],
    );
    expect(await run(`diff ${ndjson} ${renamed}`)).toMatchObject({ code: 0, stdout: 'The events are equal.\n' });
  });

  it.each(['events.csv', 'zstd.parquet', 'events.csv.gz'])('come by stdin too: %s', async (name) => {
    const command = `simulate --policy @/policy.json ${REVENUE} --json --events`;
    const expected = await run(`${command} ${ndjson}`);
    const found = await run(`${command} - ${COLUMNS}`, await readFile(join(folder, name)));
    expect(found).toMatchObject({ code: 0, stdout: expected.stdout });
  });
});

describe('a replay of other formats', () => {
  async function replayed(file: string, args: string): Promise<StubServices['bodies']> {
    const stub = await startStubServices();
    try {
      const command = `replay ${file} --program p --concurrency 1 ${args}`.split(' ');
      const run = await runHere(command, '', stub.env);
      expect(run, run.stderr).toMatchObject({ code: 0 });
      return stub.bodies;
    } finally {
      await stub.close();
    }
  }

  it('sends the same bytes, in the same order, with the same events left out and late', async () => {
    const mischief = '--seed s --shuffle --repeat 2 --drop 0.1 --late 0.1 --fault garbage,duplicate --batch 100';
    const same = join(folder, 'same.ndjson');
    // As tables are sent: without a source that is the default, and with times as these are written.
    const own = await replayed(join(folder, 'events.csv'), COLUMNS);
    await writeFile(same, Buffer.concat(own.map((body) => Buffer.from(body))));
    const expected = await replayed(same, mischief);
    expect(expected.length).toBeGreaterThan(20);
    for (const name of ['events.csv', 'events.csv.gz', 'semicolons.txt']) {
      expect(await replayed(join(folder, name), `${COLUMNS} ${mischief}`)).toEqual(expected);
    }
    const asParquet = await replayed(join(folder, 'snappy.parquet'), `${COLUMNS} ${mischief}`);
    expect(asParquet.map(idsOf)).toEqual(expected.map(idsOf));
  });
});

function idsOf(body: string): string[] {
  return [...body.matchAll(/^\{"id":"([^"]+)"/gm)].map(([, id]) => id ?? '');
}

describe('what is wrong in a table', () => {
  const HEADER = 'id,type,viewer,creator,content,time';
  const GOOD = 'a,like,v,c,k,2026-10-03T14:00:00Z';
  const command = 'simulate --policy @/policy.json --revenue 2026-10=1.00 --events';

  it('is named by line and column, and costs nothing else', async () => {
    const csv = `${HEADER}\n${GOOD}\n\nb,love,v,c,k,2026-10-03T14:00:00Z\nc,like,v,c,k,03/10/2026\na,like,v,c,other,2026-10-03T14:00:00Z\n`;
    const { code, stderr } = await run(`${command} -`, csv);
    expect(code).toBe(0);
    expect(stderr).toContain('line 4, column "type": unknown-type: type is "love"');
    expect(stderr).toContain('line 5, column "time": bad-time: occurredAt is "03/10/2026"');
    expect(stderr).toContain('line 6: conflict: ');
    expect(stderr).toContain('4 events: 1 accepted, 0 duplicates, 1 conflicts, 2 rejected');
  });

  it('is named by row in Parquet', async () => {
    const path = join(folder, 'wrong.parquet');
    const rows =
      "VALUES ('a', 'like', 'v', 'c', 'k', '2026-10-03T14:00:00Z'), ('b', 'like', 'v', 'c', NULL, '2026-10-03T14:00:00Z')";
    await writeTables(`SELECT * FROM (${rows}) t(id, type, viewer, creator, content, time)`, [
      { path, options: 'FORMAT parquet' },
    ]);
    const { stderr } = await run(`${command} ${path}`);
    expect(stderr).toContain('row 2, column "content": missing-content-id: contentId is missing');
  });

  it.each([
    ['too many cells', `${HEADER}\n${GOOD},x\n`, '', 'stdin: line 2: 7 cells where the header has 6'],
    ['a quote', `${HEADER}\n"a,like\n`, '', 'stdin: line 2: a quote is not closed'],
    [
      'a column that is not there',
      `${HEADER}\n${GOOD}\n`,
      '--columns id=nr',
      'stdin: there is no column "nr"; the columns are "id", ',
    ],
    ['no known columns', 'a,b\n1,2\n', '--events-format csv', '--columns FIELD=COLUMN,… says which are which'],
    ['nothing', '', '--events-format csv', 'stdin: the file is empty; it needs a header'],
    ['no Parquet', 'PAR1', '', 'stdin: it is not a whole Parquet file'],
    ['columns of NDJSON', `${JSON.stringify({ id: 'a' })}\n`, '--columns id=id', 'are for CSV and Parquet'],
  ])('ends with 2: %s', async (_, text, args, message) => {
    const found = await run(`${command} - ${args}`.trim(), text);
    expect(found).toMatchObject({ code: 2, stdout: '' });
    expect(found.stderr).toContain(message);
  });

  it('ends with 2 for Parquet that is cut off, or compressed in a way that is not known', async () => {
    const whole = await readFile(join(folder, 'snappy.parquet'));
    const found = await run(`${command} - ${COLUMNS}`, whole.subarray(0, whole.length - 100));
    expect(found).toMatchObject({ code: 2, stderr: expect.stringContaining('stdin: ') });
    const path = join(folder, 'brotli.parquet');
    await writeTables(SELECT.replace('EVENTS', ndjson), [{ path, options: "FORMAT parquet, CODEC 'brotli'" }]);
    expect((await run(`${command} ${path} ${COLUMNS}`)).stderr).toContain(
      'it is compressed with BROTLI; write it with Snappy, gzip or Zstandard',
    );
  });

  it('takes NDJSON whose first line is not JSON for NDJSON', async () => {
    const { stderr } = await run(`${command} -`, `id,what\n${JSON.stringify({ id: 'a' })}\n`);
    expect(stderr).toContain('line 1: bad-json');
  });
});

describe('times in Parquet', () => {
  const simulated = async (path: string, args = '') =>
    run(`simulate --policy @/policy.json --revenue 2026-10=1.00 --json --events ${path} ${args}`.trim());
  const row = (time: string): string =>
    `SELECT 'e1' AS id, 'like' AS type, 'v' AS viewer, 'c' AS creator, 'k' AS content, ${time} AS ts`;

  it('of milliseconds, microseconds, nanoseconds and INT96 are the same to the millisecond', async () => {
    const event = {
      id: 'e1',
      type: 'like',
      viewerId: 'v',
      creatorId: 'c',
      contentId: 'k',
      occurredAt: '2026-10-03T14:00:00.123Z',
    };
    const file = join(folder, 'one.ndjson');
    await writeFile(file, JSON.stringify(event));
    const int96 = join(folder, 'int96.parquet');
    await writeFile(int96, Buffer.from(INT96, 'base64'));
    expect(await run(`diff ${file} ${int96}`)).toMatchObject({ code: 0 });
    for (const [name, type] of [
      ['micros', 'TIMESTAMPTZ'],
      ['text', 'VARCHAR'],
    ]) {
      const path = join(folder, `${name}.parquet`);
      const written =
        type === 'VARCHAR' ? "'2026-10-03 21:00:00.123999+07'" : "TIMESTAMPTZ '2026-10-03 14:00:00.123999+00'";
      await writeTables(row(written), [{ path, options: 'FORMAT parquet' }]);
      expect(await run(`diff ${file} ${path}`)).toMatchObject({ code: 0 });
    }
    for (const [name, type] of [
      ['ms', 'TIMESTAMP_MS'],
      ['ns', 'TIMESTAMP_NS'],
    ]) {
      const path = join(folder, `${name}.parquet`);
      await writeTables(row(`'2026-10-03 14:00:00.123999'::${type}`), [{ path, options: 'FORMAT parquet' }]);
      const refused = await simulated(path);
      expect(refused).toMatchObject({ code: 2 });
      expect(refused.stderr).toContain('is a TIMESTAMP without a time zone; say that it is in UTC');
      expect((await simulated(path, '--assume-utc')).stdout).toBe((await simulated(file)).stdout);
    }
  });
});
