import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import {
  chmod,
  lstat,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../../test/support/test-command.ts';
import { failingOutput, runHere } from '../../../../test/support/test-run.ts';

const WEIGHTS = 'a,1\nb,2\n';
const POLICY = 'program: p\nname: P\ncurrency: EUR\ntimeZone: UTC\nperiod: month\n';
const EVENT = '{"id":"a","type":"follow","viewerId":"v","creatorId":"c","occurredAt":"2026-10-05T10:00:00Z"}\n';

let folder: string;
let policy: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-output-'));
  policy = join(folder, 'policy.yaml');
  await writeFile(policy, POLICY);
});
afterEach(() => rm(folder, { recursive: true }));

const simulate = () => ['simulate', '--policy', policy, '--events', '-', '--revenue', '2026-10=10.00'];
const generate = (...args: string[]) => ['generate', 'burst-kr', '--events', '20', ...args];

describe('stdout that cannot be written', () => {
  it.each([
    ['allocate', () => ['allocate', '--amount', '5'], WEIGHTS],
    ['allocate --json', () => ['allocate', '--amount', '5', '--json'], WEIGHTS],
    ['simulate', simulate, EVENT],
    ['simulate --json', () => [...simulate(), '--json'], EVENT],
    ['generate', () => generate(), ''],
    ['--help', () => ['--help'], ''],
    ['help of a command', () => ['help', 'simulate'], ''],
  ])('ends %s with 3 and the reason, but quietly where the reader has gone', async (_, args, stdin) => {
    for (const code of ['ENOSPC', 'EIO'] as const) {
      const run = await runHere(args(), stdin, {}, failingOutput(code));
      expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining(`Cannot write the output: ${code}`) });
    }
    const run = await runHere(args(), stdin, {}, failingOutput('EPIPE'));
    expect(run).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
  });

  it('is seen on a device, and where only some bytes of a write have room', async () => {
    const full = await open('/dev/full', constants.O_WRONLY);
    const onFull = await runCommand(generate(), { stdout: full.fd });
    await full.close();
    expect(onFull).toMatchObject({ code: 3, stderr: expect.stringContaining('ENOSPC') });

    // A limit on the size of files, in blocks of 1,024 bytes, cuts the last write short as the end of a disk does.
    const cli = ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, '..', 'main.ts'), ...generate()];
    const short = join(folder, 'short');
    const script = `ulimit -f 1; exec "$0" "$@" > ${short} 2> ${short}.err`;
    expect(() => execFileSync('bash', ['-c', script, process.execPath, ...cli])).toThrow();
    expect((await stat(short)).size).toBe(1024);
    expect(await readFile(`${short}.err`, 'utf8')).toContain('EFBIG');
  });
});

describe('-o', () => {
  const write = (path: string, ...args: string[]) => runHere(generate('--seed', '1', ...args, '-o', path));
  const lines = async (path: string) => (await readFile(path, 'utf8')).split('\n').length - 1;
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

  it('puts a whole file in the place of another, which it leaves where it fails', async () => {
    const path = join(folder, 'events');
    await writeFile(path, 'before');
    const cut = generate('--seed', '1', '--creators-output', '/dev/full', '-o', path);
    expect((await runHere(cut)).code).toBe(3);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect((await write(path)).code).toBe(0);
    expect(await lines(path)).toBe(20);
    expect(await readdir(folder)).toEqual(['events', 'policy.yaml']);
  });

  it('keeps the mode', async () => {
    const path = join(folder, 'events');
    for (const mode of [0o600, 0o640, 0o666, 0o755]) {
      await writeFile(path, 'before');
      await chmod(path, mode);
      await write(path);
      expect([await modeOf(path), await lines(path)]).toEqual([mode.toString(8), 20]);
    }
  });

  it('follows links, also one that leads to nothing yet', async () => {
    const path = join(folder, 'events');
    await symlink('events', join(folder, 'one'));
    await symlink(join(folder, 'one'), join(folder, 'two'));
    for (const round of ['made', 'replaced']) {
      expect([round, (await write(join(folder, 'two'))).code]).toEqual([round, 0]);
      expect((await lstat(path)).isFile()).toBe(true);
      expect(await lines(path)).toBe(20);
    }
    expect([await readlink(join(folder, 'one')), await readlink(join(folder, 'two'))]).toEqual([
      'events',
      join(folder, 'one'),
    ]);
    await symlink('loop', join(folder, 'loop'));
    expect(await write(join(folder, 'loop'))).toMatchObject({ code: 3, stderr: expect.stringContaining('ELOOP') });
  });

  it('writes into devices and FIFOs, and says when they take nothing', async () => {
    expect((await write('/dev/null')).code).toBe(0);
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
    const full = await write('/dev/full');
    expect(full).toMatchObject({ code: 3, stderr: expect.stringContaining('Cannot write /dev/full: ENOSPC') });
    expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true);

    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const [run, read] = await Promise.all([write(fifo), readFile(fifo, 'utf8')]);
    expect([run.code, read.split('\n').length - 1]).toEqual([0, 20]);
    expect((await lstat(fifo)).isFIFO()).toBe(true);
  });

  it('refuses a folder, and a place that is not there', async () => {
    expect(await write(folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('is a folder') });
    expect((await write(`${folder}/new/`)).code).toBe(2);
    expect((await write(join(folder, 'none', 'file'))).code).toBe(3);
  });
});
