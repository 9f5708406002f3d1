import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runHere } from '../../../../test/support/test-run.ts';
import type { Io } from '../terminal/io.ts';
import { openInput } from './input.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-input-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(chunks: readonly Buffer[]): Promise<string> {
  const io: Io = {
    stdin: Readable.from(chunks),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    signal: new AbortController().signal,
  };
  let text = '';
  for await (const chunk of (await openInput('-', io)).chunks()) {
    text += chunk.toString('utf8');
  }
  return text;
}

it('knows gzip by its first two bytes, also where they come apart', async () => {
  const packed = gzipSync('a line');
  expect(await read([packed.subarray(0, 1), packed.subarray(1, 2), packed.subarray(2)])).toBe('a line');
  expect(await read([Buffer.alloc(0), packed])).toBe('a line');
  expect(await read([Buffer.from('a')])).toBe('a');
  expect(await read([])).toBe('');
});

it('reports gzip that ends within its header as cut off', async () => {
  for (const bytes of [1, 2, 5]) {
    const file = join(folder, `cut-${bytes}`);
    await writeFile(file, gzipSync('a line').subarray(0, bytes));
    const run = await runHere(['diff', file, file]);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('cut off or damaged gzip') });
  }
});

it('refuses files that are not UTF-8 by their line', async () => {
  const policy = join(folder, 'policy.yaml');
  await writeFile(policy, Buffer.from('program: p\nname: Jos\u00e9\n', 'latin1'));
  const creators = join(folder, 'creators.csv');
  await writeFile(creators, Buffer.from('creatorId,handle\nc1,a\nc2,Jos\u00e9\n', 'latin1'));
  const good = join(folder, 'good.yaml');
  await writeFile(good, '\ufeffprogram: p\nname: P\ncurrency: EUR\ntimeZone: UTC\nperiod: month\n');
  const simulate = (...args: string[]) =>
    runHere(['simulate', '--events', '-', '--revenue', '2026-10=1.00', ...args], '{}');
  expect(await simulate('--policy', policy)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('policy.yaml: line 2 is not UTF-8'),
  });
  expect(await simulate('--policy', good, '--creators', creators)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('line 3: is not UTF-8'),
  });
  const scenario = join(folder, 'scenario.yaml');
  await writeFile(scenario, Buffer.from('name: Jos\u00e9\n', 'latin1'));
  expect(await runHere(['generate', scenario])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('line 1 is not UTF-8'),
  });
});
