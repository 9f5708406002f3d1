import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';

const asRoot = process.geteuid?.() === 0;
const canMount = asRoot && mounts();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-place-'));
  await chmod(folder, 0o711);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Whether a file system can be mounted here: not in every container. */
function mounts(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function answers(dataDir: string): Promise<unknown> {
  const server = await startEmbeddedPostgres({ durable: false, dataDir });
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  try {
    await sql`CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n`;
    return (await sql`SELECT n FROM kept`)[0]?.n;
  } finally {
    await sql.end();
    await server.stop();
  }
}

const refusal = (dataDir: string) =>
  startEmbeddedPostgres({ durable: false, dataDir }).then(
    () => 'started',
    (error: unknown) => error,
  );

describe('a data folder that cannot be used is named in one sentence of advice', () => {
  it('a file, a path beyond one, a link to nothing', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    for (const place of [file, join(file, 'data'), join(folder, 'link')]) {
      expect(await refusal(place)).toMatchObject({
        code: 'unusable',
        message: expect.stringMatching(/is not a folder, or is below a file\. Choose another data folder/),
      });
    }
  });

  it('a cluster that someone else made, and one that was not restored whole', async () => {
    const foreign = join(folder, 'foreign');
    await mkdir(join(foreign, 'cluster'), { recursive: true });
    await writeFile(join(foreign, 'cluster/theirs'), 'data');
    const advice = expect.stringMatching(
      /is not a database that Rewardbook made.*has no PG_VERSION\. Restore all of it/,
    );
    expect(await refusal(foreign)).toMatchObject({ code: 'foreign', message: advice });
    expect(await readFile(join(foreign, 'cluster/theirs'), 'utf8')).toBe('data');
    await writeFile(join(foreign, 'cluster/PG_VERSION'), '18\n');
    expect(await refusal(foreign)).toMatchObject({
      code: 'foreign',
      message: expect.stringContaining('has no rewardbook.password'),
    });
    await rm(join(foreign, 'cluster'), { recursive: true });
    await writeFile(join(foreign, 'cluster'), 'a file');
    expect(await refusal(foreign)).toMatchObject({ code: 'unusable' });
  });

  it.runIf(canMount)('a read-only file system', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'rewardbook-test', folder]);
    try {
      const advice = { code: 'unusable', message: expect.stringMatching(/^Nothing can be written in .*read-only/) };
      expect(await refusal(folder)).toMatchObject(advice);
      expect(await refusal(join(folder, 'data'))).toMatchObject(advice);
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it.runIf(asRoot)('a folder of root alone that has other things in it', async () => {
    await chmod(folder, 0o700);
    await writeFile(join(folder, 'secret'), '');
    for (const place of [folder, join(folder, 'data')]) {
      expect(await refusal(place)).toMatchObject({ code: 'unreachable' });
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

describe('a data folder that can be made to work does', () => {
  it('with an empty cluster folder', async () => {
    await mkdir(join(folder, 'data/cluster'), { recursive: true });
    await chmod(join(folder, 'data'), 0o711);
    expect(await answers(join(folder, 'data'))).toBe(7);
  });

  it.runIf(asRoot).each([
    ['itself', '.'],
    ['on the way', 'data'],
  ])('of mode 700, as root makes it for itself: %s', async (_, below) => {
    await chmod(folder, 0o700);
    expect(await answers(join(folder, below))).toBe(7);
    const { mode, uid } = await stat(folder);
    expect([mode & 0o777, uid]).toEqual([0o710, 0]); // the server's group may pass through, and no one else
    expect(await answers(join(folder, below))).toBe(7);
  });

  it.runIf(asRoot)('restored by root, whose files and modes are others', async () => {
    const [made, restored] = [join(folder, 'made'), join(folder, 'restored')];
    expect(await answers(made)).toBe(7);
    await cp(made, restored, { recursive: true });
    execFileSync('chown', ['-R', '0:0', restored]);
    await chmod(join(restored, 'cluster'), 0o755);
    expect(await answers(restored)).toBe(7);
    const { uid, mode } = await stat(join(restored, 'cluster'));
    expect([uid === 0, mode & 0o777]).toEqual([false, 0o700]);
  });
});
