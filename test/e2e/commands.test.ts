import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readConnection } from '@rewardbook/local/connection-file';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Run, runCommand } from '../support/test-command.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder, startUp, type Up } from '../support/up.ts';

const POLICY = `
program: reels
name: Reels
currency: IDR
timeZone: Asia/Jakarta
period: month
weights: { like: "1", follow: "5" }
`;
const CREATORS =
  'creatorId,handle,country,taxCountry,payee,account\nbudi,budi.santoso,ID,ID,Budi,ID-1\nsari,sari.dewi,ID,,,\n';
const event = (id: string, type: string, viewerId: string, creatorId: string, occurredAt: string) =>
  JSON.stringify({ id, type, viewerId, creatorId, ...(type.endsWith('like') ? { contentId: 'k1' } : {}), occurredAt });
const EVENTS = [
  event('1', 'like', 'v1', 'budi', '2024-05-01T00:00:00+07:00'),
  event('2', 'follow', 'v2', 'budi', '2024-05-31T23:59:59.999+07:00'),
  event('3', 'like', 'v3', 'sari', '2024-05-10T12:00:00Z'),
  event('4', 'like', 'v4', 'sari', '2024-05-10T12:00:00Z'),
  event('5', 'unlike', 'v4', 'sari', '2024-05-11T12:00:00Z'),
  event('6', 'unlike', 'v1', 'budi', '2024-06-02T00:00:00Z'),
  event('7', 'like', 'v9', 'sari', '2024-06-02T00:00:00Z'),
].join('\n');

// One system, worked through from an empty folder to its reports: the tests build on each other.
describe('the commands, on a system that is up', () => {
  let folder: string;
  let up: Up;
  /**
   * The real command if it is given something on stdin; else in this process, as starting it costs more than all it
   * does.
   */
  const rewardbook = (args: string, stdin?: string | Uint8Array): Promise<Run> => {
    const line = [...args.split(' '), '--data', folder];
    return stdin === undefined ? runHere(line) : runCommand(line, { stdin });
  };

  beforeAll(async () => {
    folder = await makeDataFolder();
    up = await startUp(folder);
  });
  afterAll(async () => {
    up.child.kill('SIGKILL');
    await up.ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
  });

  it('up writes addresses and keys to rewardbook.json, for its owner only', async () => {
    const path = join(folder, 'rewardbook.json');
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    const connection = await readConnection(folder);
    expect(connection?.urls).toEqual(up.urls);
    const keys = Object.values(connection?.keys ?? {});
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThanOrEqual(4);
  });

  it('the front lists the services, and each of them is ready and has a page to try its API', async () => {
    expect(await (await fetch(up.urls.front)).json()).toEqual(up.urls);
    const page = await fetch(up.urls.front, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain(up.urls.ledger);
    for (const url of [up.urls.events, up.urls.ledger, up.urls.reports]) {
      for (const path of ['/healthz', '/readyz', '/metrics', '/docs', '/openapi.json']) {
        expect([url + path, (await fetch(url + path)).status]).toEqual([url + path, 200]);
      }
    }
  });

  it('program apply makes a program; the same policy again changes nothing', async () => {
    const first = await rewardbook('program apply -', POLICY);
    expect(first).toEqual({
      code: 0,
      stdout: 'reels: policy version 1 applied, valid from the beginning\n',
      stderr: '',
    });
    expect((await rewardbook('program apply -', POLICY)).stdout).toContain('version 1 unchanged');
  });

  it('program apply names line and column of what is wrong in a policy', async () => {
    const run = await rewardbook('program apply -', POLICY.replace('"5"', '5'));
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/line 7, column \d+: weights\.follow: .*quotes/);
  });

  it('creators import registers a file, and says what changed', async () => {
    const file = join(folder, 'creators.csv');
    await writeFile(file, CREATORS);
    expect((await rewardbook(`creators import ${file} --program reels`)).stdout).toContain('2 added');
    const again = await rewardbook('creators import - --program reels --json', CREATORS.replace('sari.dewi', 'sari'));
    expect(JSON.parse(again.stdout)).toMatchObject({ received: 2, added: 0, changed: 1, unchanged: 1 });
    const wrong = await rewardbook('creators import - --program reels', 'creatorId,nickname\nx,y\n');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('nickname');
  });

  it('replay counts an event once, and names a conflict', async () => {
    const conflict = event('1', 'like', 'v1', 'sari', '2024-05-01T00:00:00+07:00');
    const run = await rewardbook(
      'replay - --program reels --json',
      gzipSync(`${EVENTS}\n${EVENTS}\n${conflict}\n{"id":"8"}\n`),
    );
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ sent: 16, accepted: 7, duplicates: 7, conflicts: 1, rejected: 1 });
    expect(run.stderr).toMatch(/line 15: .*\nline 16: /);
  });

  it('revenue is booked once a reference, and another booking under it refused', async () => {
    const book = (amount: string) =>
      rewardbook(`revenue --program reels --period 2024-05 --amount ${amount} --reference inv-1`);
    expect((await book('1000.00')).stdout).toContain('IDR 1,000.00 booked as revenue:inv-1');
    expect((await book('1000.00')).stdout).toContain('was booked already');
    expect(await book('1000.01')).toMatchObject({ code: 2, stdout: '' });
    expect((await book('0.001')).stderr).toContain('decimals');
  });

  it('close --dry-run changes nothing; close posts the same result, as simulate has it', async () => {
    const files = join(folder, 'policy.yaml');
    await writeFile(files, POLICY);
    const dry = await rewardbook('close --program reels --period 2024-05 --dry-run --json', '');
    const open = await rewardbook('report summary --program reels --period 2024-05 --json');
    expect(JSON.parse(open.stdout).rows).toMatchObject([{ status: 'open' }]);
    const closed = await rewardbook('close --program reels --period 2024-05 --json', '');
    expect(closed).toMatchObject({ code: 0, stderr: '' });
    expect(closed.stdout).toBe(dry.stdout);
    await writeFile(join(folder, 'creators.csv'), CREATORS.replace('sari.dewi', 'sari'));
    const simulated = await runCommand(
      [
        ...['simulate', '--policy', files, '--creators', join(folder, 'creators.csv'), '--events', '-', '--json'],
        ...['--revenue', '2024-05=1000.00'],
      ],
      { stdin: EVENTS },
    );
    expect(simulated.stdout).toContain(`"periods":[${closed.stdout.trimEnd()}]`);
    expect(JSON.parse(closed.stdout)).toMatchObject({
      pool: '50.00',
      creators: [
        { creatorId: 'budi', netLikes: 1, netFollows: 1, points: '6', amount: '42.86' },
        { creatorId: 'sari', netLikes: 1, netFollows: 0, points: '1', amount: '7.14' },
      ],
    });
  });

  it('close refuses a period twice, out of order, without revenue, and before its end', async () => {
    for (const [period, message] of [
      ['2024-05', 'closed'],
      ['2024-07', ''],
      ['2024-06', 'revenue'],
      ['2999-01', ''],
    ]) {
      const run = await rewardbook(`close --program reels --period ${period}`);
      expect([period, run.code, run.stdout]).toEqual([period, 2, '']);
      expect(run.stderr).toContain(message);
    }
  });

  it('a later close takes off what was taken back, and shows it to people', async () => {
    await rewardbook('revenue --program reels --period 2024-06 --amount 0.00 --reference inv-2');
    const run = await rewardbook('close --program reels --period 2024-06');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/pool +0\.00/);
    expect(run.stdout).toMatch(/budi +-1 +0/);
  });

  it.each([
    ['payouts', '', ['period', 'creator_id', 'likes', 'gross', 'net', 'status', 'entry_key']],
    ['payouts', ' --period 2024-05', ['pool_share']],
    ['allocations', ' --period 2024-05 --filter only=paid', ['creator_id', 'points', 'amount']],
    ['creators', ' --filter find=bud', ['creator_id', 'handle', 'tax_country']],
    ['journal', '', ['seq', 'account', 'opposite_account', 'debit', 'credit', 'running_balance', 'hash']],
    ['journal', ' --filter kind=close', ['seq', 'entry_key']],
    ['statement', ' --creator budi', ['reason', 'amount', 'balance']],
    ['trial-balance', '', ['account', 'debit', 'credit', 'balance']],
    ['summary', ' --period 2024-05', ['revenue', 'pool', 'allocated', 'undistributed']],
  ])('report %s%s comes as CSV with its columns, and as JSON with as many rows', async (report, filter, columns) => {
    const csv = await rewardbook(`report ${report} --program reels${filter}`);
    expect(csv).toMatchObject({ code: 0, stderr: '' });
    const rows: Record<string, string>[] = parse(csv.stdout, { columns: true });
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(columns));
    const json = await rewardbook(`report ${report} --program reels${filter} --json`);
    expect(JSON.parse(json.stdout).rows).toHaveLength(rows.length);
  });

  it('report -o writes a file, and nothing where the report is refused', async () => {
    const file = join(folder, 'payouts.csv');
    const run = await rewardbook(`report payouts --program reels -o ${file}`);
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(file, 'utf8')).toContain('close:2024-05');
    const refused = await rewardbook(`report payouts --program unknown -o ${file}.2`);
    expect(refused.code).toBe(2);
    await expect(stat(`${file}.2`)).rejects.toThrow('ENOENT');
    expect((await rewardbook('report statement --program reels')).code).toBe(2);
  });

  it('verify finds every invariant in order', async () => {
    const run = await rewardbook('verify --json');
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, programs: [{ program: 'reels', ok: true }] });
    expect((await rewardbook('verify --program reels')).stdout).toContain('every invariant holds');
    expect((await rewardbook('verify --program unknown')).code).toBe(2);
  });

  it('a second up on the same folder says that it is in use, and harms nothing', async () => {
    const second = await runCommand(['up', '--data', folder, '--port', '0']);
    expect(second).toMatchObject({ code: 3, stdout: '' });
    expect(second.stderr).toContain('is in use');
    expect((await rewardbook('verify')).code).toBe(0);
  });

  it('a second up on the same port names the port', async () => {
    const other = await makeDataFolder();
    const { port } = new URL(up.urls.front);
    const second = await runCommand(['up', '--data', other, '--port', port]);
    expect(second).toMatchObject({ code: 3, stdout: '' });
    expect(second.stderr).toContain(`Port ${port}`);
    await rm(other, { recursive: true, maxRetries: 20, retryDelay: 100 });
  });

  it('killed, it starts again on its folder, with its keys and its books', async () => {
    const before = await readConnection(folder);
    up.child.kill('SIGKILL');
    await up.ended;
    up = await startUp(folder);
    expect((await readConnection(folder))?.keys).toEqual(before?.keys);
    expect((await rewardbook('verify')).code).toBe(0);
  });

  it('SIGTERM stops it in order: exit code 0, and nothing answers afterwards', async () => {
    up.child.kill('SIGTERM');
    expect(await up.ended).toMatchObject({ code: 0 });
    const run = await rewardbook('verify');
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('rewardbook up');
  });
});

it('up says in a line that nothing answers at DATABASE_URL', async () => {
  const folder = await makeDataFolder();
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/x' };
  const run = await runCommand(['up', '--data', folder, '--port', '0'], { env });
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(/^error: .*127\.0\.0\.1:1.*DATABASE_URL.*\n$/);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
});

it('wrong usage ends with 2 and says how to go on', async () => {
  const lines = ['frobnicate', 'close', 'report nonsense --program p', 'replay - --program Not.A.Slug', ''];
  const runs = await Promise.all(lines.map((line) => runHere(line.split(' ').filter(Boolean))));
  for (const [index, run] of runs.entries()) {
    expect([lines[index], run.code, run.stdout]).toEqual([lines[index], 2, '']);
    expect(run.stderr).toContain('--help');
  }
});

it('--help goes to stdout, with examples for every command', async () => {
  const lines = [
    '',
    'up',
    'demo',
    'program apply',
    'creators import',
    'replay',
    'revenue',
    'close',
    'report',
    'verify',
  ];
  lines.push('allocate', 'simulate', 'generate', 'compare', 'sweep', 'attack', 'screen');
  const runs = await Promise.all(lines.map((line) => runHere([...line.split(' ').filter(Boolean), '--help'])));
  for (const [index, run] of runs.entries()) {
    expect([lines[index], run.code, run.stderr]).toEqual([lines[index], 0, '']);
    expect(run.stdout).toMatch(lines[index] === '' ? /rewardbook demo/ : /Examples:\n/);
  }
});
