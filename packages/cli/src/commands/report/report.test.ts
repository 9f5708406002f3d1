import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../run.ts';

const BYTES = Buffer.from([0x25, 0x50, 0xff, 0x00, 0x0a, 0x41]);
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.end(BYTES);
});
let folder: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-report-'));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** The command over a service that notes what it is asked for. */
async function report(args: string, isTTY = false) {
  const written: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const sink = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write: (chunk, _encoding, next) => {
          written[name].push(Buffer.from(chunk));
          next();
        },
      }),
      { isTTY },
    );
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const code = await run(['report', ...args.split(' '), '--program', 'demo'], {
    stdin: Readable.from([]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { REWARDBOOK_URL_REPORTS: url, REWARDBOOK_KEY: 'k' },
    signal: new AbortController().signal,
  });
  return { code, stdout: Buffer.concat(written.stdout), stderr: Buffer.concat(written.stderr).toString('utf8') };
}

it.each([
  ['payout-run --run 2026-10-1', 'payout-run?run=2026-10-1&format=pdf'],
  [
    'statement --creator c1 --format pdf --as-of 2026-11-01T00:00:00Z',
    'statement?creator=c1&format=pdf&asOf=2026-11-01T00%3A00%3A00Z',
  ],
  ['payouts --run 2026-10-1 --format xlsx', 'payouts?run=2026-10-1&format=xlsx'],
  [
    'allocations --period 2026-10 --format xlsx --filter only=paid find=a=b',
    'allocations?only=paid&find=a%3Db&period=2026-10&format=xlsx',
  ],
  ['creators --filter onHold=true --format xlsx', 'creators?onHold=true&format=xlsx'],
])('%s asks the service for it, and passes its bytes on', async (args, expected) => {
  asked.length = 0;
  const { code, stdout } = await report(args);
  expect([code, asked]).toEqual([0, [`/v1/programs/demo/reports/${expected}`]]);
  expect(stdout.equals(BYTES)).toBe(true);
});

it('writes a document to a file', async () => {
  const file = join(folder, 'run.pdf');
  expect((await report(`payout-run --run 2026-10-1 -o ${file}`, true)).code).toBe(0);
  expect((await readFile(file)).equals(BYTES)).toBe(true);
  expect(await readdir(folder)).toEqual(['run.pdf']);
});

it.each([
  ['payouts --format pdf', 'payouts comes as json, csv, xlsx; pdf is a format of statement, payout-run'],
  ['trial-balance --format hledger', 'trial-balance comes as json, csv, xlsx; hledger is a format of journal'],
  ['payout-run --run 2026-10-1 --json', 'payout-run comes as pdf'],
  ['payout-run', 'give --run'],
  ['statement', 'give --creator'],
  ['allocations', 'give --period'],
  ['creators --period 2026-10', 'creators has no --period'],
  ['payouts --filter only=paid', 'payouts has no filter "only=paid"; it has status, reason'],
  ['summary --filter find=c', 'summary has no filter "find=c"; it has none'],
  ['payouts --filter status=due status=waiting', 'filter status is given twice'],
  ['payouts --as-of 2026-11-01T00:00:00Z', 'payouts has no --as-of; it is for journal, statement, trial-balance'],
  ['journal --effective 2026-10-31', 'journal has no --effective; it is for statement, trial-balance'],
  ['summary --run 2026-10-1', 'summary has no --run; it is for payouts, payout-run'],
  ['journal --format hledger --creator c1', 'it cannot be of one creator'],
])('%s is wrong usage', async (args, expected) => {
  asked.length = 0;
  const { code, stderr } = await report(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(expected)]);
  expect(asked).toEqual([]);
});

it('does not fill a terminal with bytes', async () => {
  expect(await report('payout-run --run 2026-10-1', true)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('give -o FILE'),
  });
});
