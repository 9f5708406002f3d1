import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { simulateEvents } from '@rewardbook/cli/simulation/simulate-events';
import { type Ingested, ingestedSchema } from '@rewardbook/contracts/api/ingest/events';
import { policyHash } from '@rewardbook/domain/policy/policy';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { readEvents } from '@rewardbook/payout-reports/lab/read-events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testPolicy } from '../support/test-policy.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder } from '../support/up.ts';
import { fileOf, HOSTILE_LINES, type HostileLine } from './hostile-lines.ts';

// Every way in takes and refuses the same lines, with the same codes.

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;
let file: string;
let programs = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  file = join(await mkdtemp(join(tmpdir(), 'rewardbook-hostile-')), 'events');
  await writeFile(file, fileOf(HOSTILE_LINES));
});
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
  await rm(join(file, '..'), { recursive: true });
});

/** What became of lines, by their place; `ok` where nothing is said. */
const codesOf = (lines: readonly HostileLine[], refused: ReadonlyMap<number, string>): [string, string][] =>
  lines.map(({ bytes }, place) => [bytes.toString('latin1', 0, 60), refused.get(place) ?? 'ok']);
const expectedOf = (lines: readonly HostileLine[]) =>
  lines.map(({ bytes, code }): [string, string] => [bytes.toString('latin1', 0, 60), code]);
const NOT_BLANK = HOSTILE_LINES.filter(({ code }) => code !== 'blank');
const GOOD = HOSTILE_LINES.filter(({ code }) => code === 'ok').length;

async function newProgram(): Promise<string> {
  programs += 1;
  const program = `hostile-${programs}`;
  const policy = `program: ${program}\nname: Hostile\ncurrency: EUR\ntimeZone: UTC\nperiod: month\n`;
  expect(await runHere(['program', 'apply', '-', '--data', dataDir], policy)).toMatchObject({ code: 0 });
  return program;
}

const problemSchema = z.object({ code: z.string(), refused: ingestedSchema.shape.refused.optional() });

async function post(program: string, contentType: string, body: Buffer) {
  const answer = await fetch(`${system.urls.events}/v1/programs/${program}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.keys.write}`, 'content-type': contentType },
    body: new Uint8Array(body),
  });
  return { status: answer.status, json: await answer.json() };
}

const byIndex = ({ refused }: Pick<Ingested, 'refused'>) => new Map(refused.map(({ index, code }) => [index, code]));

describe('ingest', () => {
  it('of NDJSON', async () => {
    const { json } = await post(await newProgram(), 'application/x-ndjson', fileOf(HOSTILE_LINES));
    const answer = ingestedSchema.parse(json);
    expect(codesOf(NOT_BLANK, byIndex(answer))).toEqual(expectedOf(NOT_BLANK));
    expect(answer).toMatchObject({ received: NOT_BLANK.length, accepted: GOOD });
  });

  it('of an array, for what can stand in one', async () => {
    const whole = HOSTILE_LINES.filter(
      ({ code, bytes }) => !['blank', 'bad-json', 'bad-utf8', 'line-too-long'].includes(code) && bytes[0] !== 0xef,
    );
    const array = Buffer.concat([
      Buffer.from('\ufeff['),
      ...whole.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [Buffer.from(','), bytes])),
      Buffer.from(']'),
    ]);
    const { json } = await post(await newProgram(), 'application/json', array);
    expect(codesOf(whole, byIndex(ingestedSchema.parse(json)))).toEqual(expectedOf(whole));
  });

  it('of one event, whose body may be as long as any', async () => {
    const program = await newProgram();
    const bodies = NOT_BLANK.filter(({ code, bytes }) => code !== 'line-too-long' && bytes[0] !== 0x5b);
    const refused = new Map<number, string>();
    for (const [place, { bytes }] of bodies.entries()) {
      const { status, json } = await post(program, 'application/json', bytes);
      if (status === 200) {
        continue;
      }
      const problem = problemSchema.parse(json);
      refused.set(place, problem.refused?.[0]?.code ?? problem.code);
    }
    expect(codesOf(bodies, refused)).toEqual(expectedOf(bodies));
  });
});

describe('replay', () => {
  const summarySchema = z.object({
    accepted: z.int(),
    refused: z.array(z.object({ line: z.int(), code: z.string() })),
  });

  it.each([
    ['in one request', []],
    ['in requests of three lines', ['--batch', '3']],
    ['in any order', ['--shuffle', '7', '--batch', '2']],
  ])('%s', async (_, args) => {
    const command = ['replay', file, '--program', await newProgram(), '--data', dataDir, '--json', ...args];
    const run = await runHere(command);
    const { accepted, refused } = summarySchema.parse(JSON.parse(run.stdout));
    const blanks = HOSTILE_LINES.flatMap(({ code }, place): [number, string][] =>
      code === 'blank' ? [[place, code]] : [],
    );
    const codes = new Map([...blanks, ...refused.map(({ line, code }): [number, string] => [line - 1, code])]);
    expect(codesOf(HOSTILE_LINES, codes)).toEqual(expectedOf(HOSTILE_LINES));
    expect(accepted).toBe(GOOD);
  });
});

describe('offline', { timeout: 90_000 }, () => {
  const policy = testPolicy();
  const options = {
    policies: [{ policy, policyHash: policyHash(policy), validFrom: null }],
    creators: [],
    revenue: new Map([['2026-10', 100n]]),
  };

  /** What `simulate` says of lines, which it does of ten at most. */
  async function said(lines: readonly HostileLine[], threads: number): Promise<string> {
    const part = `${file}.part`;
    await writeFile(part, fileOf(lines));
    let text = '';
    const stderr = new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
    const io = {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr,
      env: {},
      signal: new AbortController().signal,
    };
    for await (const _period of simulateEvents(options, part, io, { threads, threadsFromBytes: 0, blockBytes: 4096 })) {
    }
    return text;
  }

  it.each([
    ['in one thread', 1],
    ['in threads', 2],
  ])('simulate %s', async (_, threads) => {
    const good = NOT_BLANK.filter(({ code }) => code === 'ok').slice(0, 1); // else no line of a part may be an event
    const bad = HOSTILE_LINES.filter(({ code }) => code !== 'ok');
    for (let from = 0; from < bad.length; from += 10) {
      const lines = [...bad.slice(from, from + 10), ...good];
      const text = await said(lines, threads);
      const codes = new Map(
        [...text.matchAll(/^line (\d+): ([\w-]+):/gm)].map(([, line, code]) => [Number(line) - 1, code ?? '']),
      );
      expect(codesOf(lines, codes)).toEqual(
        expectedOf(lines).map(([line, code]) => [line, code === 'blank' ? 'ok' : code]),
      );
    }
    const all = await said(HOSTILE_LINES, threads);
    expect(all).toContain(`${NOT_BLANK.length} events: ${GOOD} accepted, 0 duplicates, 0 conflicts, `);
  });

  it('the lab', async () => {
    const events = await readEvents({ kind: 'file', path: file }, { maxEvents: 1_000, tell: () => undefined });
    const expected = HOSTILE_LINES.filter(({ code }) => code === 'ok').map(
      ({ bytes }) => z.object({ id: z.string() }).parse(JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''))).id,
    );
    expect([...events].map(({ id }) => id)).toEqual(expected);
  });
});
