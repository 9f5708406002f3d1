import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../../../../../test/support/test-run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-generate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const generate = (...args: string[]) => runHere(['generate', ...args]);
const SMALL = ['tiktok-cash-id', '--events', '3000', '--creators', '40', '--viewers', '500'];

describe('generate', () => {
  it('makes the same lines for the same seed and others for another', async () => {
    const first = await generate(...SMALL, '--seed', '5');
    expect(first.code).toBe(0);
    expect(first.stdout.match(/\n/g)).toHaveLength(3000);
    expect((await generate(...SMALL, '--seed', '5')).stdout).toBe(first.stdout);
    expect((await generate(...SMALL, '--seed', '6')).stdout).not.toBe(first.stdout);
  });

  it('writes a file, gzipped if its name ends in .gz, and creators to another', async () => {
    const plain = await generate(...SMALL);
    const file = join(folder, 'events.ndjson.gz');
    const creators = join(folder, 'creators.csv');
    const run = await generate(...SMALL, '-o', file, '--creators-output', creators, '--json');
    expect(JSON.parse(run.stdout)).toEqual({ seed: 20260901, events: 3000, creators: 40, viewers: 500 });
    expect(gunzipSync(await readFile(file)).toString('utf8')).toBe(plain.stdout);
    expect((await readFile(creators, 'utf8')).trimEnd().split('\n')).toHaveLength(41);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('reads a scenario file', async () => {
    const file = join(folder, 'mine.yaml');
    const pack = await readFile(new URL('../../../../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8');
    await writeFile(file, pack.replace(/^events: .*$/m, 'events: 10'));
    expect((await generate(file)).stdout.match(/\n/g)).toHaveLength(10);
    await writeFile(file, `${pack}\nspeed: 1\n`);
    const refused = await generate(file);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('mine.yaml is not a scenario: speed: not a key of a scenario');
    await writeFile(file, 'seed: [');
    expect(await generate(file)).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    ['an unknown pack', ['nowhere'], 'the packs are'],
    ['a size below zero', ['tiktok-cash-id', '--events', '-1'], 'whole number'],
    ['a folder that is not there', ['tiktok-cash-id', '--events', '1', '-o', '/nowhere/at/all.ndjson'], 'Cannot write'],
  ])('refuses %s', async (_, args, message) => {
    const run = await generate(...args);
    expect(run.code).toBeGreaterThan(1);
    expect(run.stderr).toContain(message);
  });
});
