import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../../../../test/support/test-command.ts';
import { type Mishap, type StubServices, startStubServices } from './stub-services.ts';

const COUNT = 12_000; // three requests
const ids = Array.from({ length: COUNT }, (_, index) => `e${index}`);
const ndjson = `${ids.map((id) => `{"id":"${id}"}`).join('\n')}\n`;

let folder: string;
let plain: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-replay-'));
  plain = join(folder, 'events.ndjson');
  await writeFile(plain, ndjson);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withStub<T>(use: (stub: StubServices) => Promise<T>, mishaps?: (Mishap | undefined)[]): Promise<T> {
  const stub = await startStubServices(mishaps);
  try {
    return await use(stub);
  } finally {
    await stub.close();
  }
}

const replay = (stub: StubServices, file: string, ...args: string[]) =>
  runCommand(['replay', file, '--program', 'p', '--json', ...args], { env: stub.env });

it('sends every line once and prints the outcome', () =>
  withStub(async (stub) => {
    const run = await replay(stub, plain, '--concurrency', '1');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      sent: COUNT,
      accepted: COUNT,
      duplicates: 0,
      conflicts: 0,
      rejected: 0,
      requests: 3,
      retries: 0,
      latencyMs: { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) },
    });
    expect(stub.received).toEqual(ids);
  }));

it.each([
  ['gzip, whatever it is called', true],
  ['stdin', false],
])('reads %s', (_, isFile) =>
  withStub(async (stub) => {
    const file = join(folder, 'packed');
    await writeFile(file, gzipSync(ndjson));
    const args = ['replay', isFile ? file : '-', '--program', 'p', '--json'];
    const run = await runCommand(args, { env: stub.env, stdin: gzipSync(ndjson) });
    expect(JSON.parse(run.stdout)).toMatchObject({ accepted: COUNT });
  }),
);

it('sends again what a busy server refused or a broken connection lost, and counts it once', () =>
  withStub(
    async (stub) => {
      const run = await replay(stub, plain, '--concurrency', '2');
      expect(JSON.parse(run.stdout)).toMatchObject({ accepted: COUNT, duplicates: 0, requests: 3, retries: 4 });
      expect(new Set(stub.received).size).toBe(COUNT);
    },
    ['hang-up', 'busy', undefined, 'too-many', 'hang-up'],
  ));

it('shuffles by its seed: the same seed gives the same order, all lines as often as asked for', async () => {
  const orders: string[][] = [];
  for (const seed of ['7', '7', '8']) {
    await withStub(async (stub) => {
      const run = await replay(stub, plain, '--shuffle', seed, '--repeat', '2', '--concurrency', '1');
      expect(JSON.parse(run.stdout)).toMatchObject({ sent: 2 * COUNT, accepted: COUNT, duplicates: COUNT });
      orders.push(stub.received);
    });
  }
  const [first = [], again = [], other = []] = orders;
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  expect([...first].sort()).toEqual([...ids, ...ids].sort());
});

it('keeps to the given rate', () =>
  withStub(async (stub) => {
    const file = join(folder, 'few.ndjson');
    await writeFile(
      file,
      ids
        .slice(0, 100)
        .map((id) => `{"id":"${id}"}\n`)
        .join(''),
    );
    await replay(stub, file, '--rate', '200');
    const times = stub.requestTimes;
    expect(stub.received).toHaveLength(100);
    // The last of 100 events at 200 a second is due after 495 ms; requests carry 50 ms of events each.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(400);
    expect(times.length).toBeGreaterThan(5);
  }));

it('names the line of what was refused, counts the rest, and is done', () =>
  withStub(async (stub) => {
    const file = join(folder, 'faulty.ndjson');
    await writeFile(file, '{"id":"a"}\n\nnonsense\n{"id":"b"}\n');
    const run = await replay(stub, file);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ sent: 3, accepted: 2, rejected: 1, refused: [{ line: 3 }] });
    expect(run.stderr).toContain('line 3: bad-json');
  }));

it.each([
  ['a file without a single event', 'x\ny\n', 'No line of'],
  ['an empty file', '', 'has no events'],
])('ends with 2 for %s', (_, content, message) =>
  withStub(async (stub) => {
    const file = join(folder, 'wrong.ndjson');
    await writeFile(file, content);
    const run = await replay(stub, file);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
  }),
);

it('ends with 2 for gzip that is cut off', () =>
  withStub(async (stub) => {
    const file = join(folder, 'cut.gz');
    await writeFile(file, gzipSync(ndjson).subarray(0, 2000));
    const run = await replay(stub, file);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('is not whole');
  }));

it('ends with 3 and says how to start one where no system answers', async () => {
  const stub = await startStubServices();
  await stub.close();
  const run = await replay(stub, plain);
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toContain('rewardbook up');
});

it('ends with 3 where no system is known', async () => {
  const run = await runCommand(['replay', plain, '--program', 'p', '--data', folder]);
  expect(run.code).toBe(3);
  expect(run.stderr).toContain(`rewardbook up --data ${folder}`);
});

it('ends with 2 where the file is not there, before it looks for a system', async () => {
  const run = await runCommand(['replay', join(folder, 'missing'), '--program', 'p', '--data', folder]);
  expect(run).toMatchObject({ code: 2 });
  expect(run.stderr).toContain('There is no file');
});
