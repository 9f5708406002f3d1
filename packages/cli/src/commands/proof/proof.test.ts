import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { payoutTree } from '@rewardbook/domain/proofs/payout-tree';
import { proofText } from '@rewardbook/domain/proofs/verify-proof';
import { currencyOf } from '@rewardbook/money/currency';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../../../../test/support/test-command.ts';

const tree = payoutTree({
  program: 'p',
  period: '2026-10',
  currency: currencyOf('IDR'),
  secret: createHash('sha256').update('test').digest('hex'),
  rows: [
    { creatorId: 'ann', points: '3', amount: 3000n },
    { creatorId: 'bob é', points: '2.5', amount: 2000n },
  ],
});

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proof-'));
  file = join(folder, 'proof.json');
  const proof = tree.proofOf('bob é');
  if (proof === undefined) {
    throw new Error('no proof');
  }
  await writeFile(file, `${proofText(proof)}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

it('holds against the published root and total, without any server', async () => {
  const run = await runCommand(['proof', 'verify', file, '--root', tree.root, '--total', '50.00']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('The proof holds');
  expect(run.stdout).toContain('IDR 20.00');
  const json = await runCommand(['proof', 'verify', '-', '--json'], { stdin: await readFile(file) });
  expect(JSON.parse(json.stdout)).toMatchObject({ valid: true, published: false, creatorId: 'bob é', amount: '20.00' });
});

it('exits with 1 where it does not hold, and says why', async () => {
  const other = await runCommand(['proof', 'verify', file, '--root', '0'.repeat(64)]);
  expect(other).toMatchObject({ code: 1, stdout: '' });
  expect(other.stderr).toContain('its root is not the published one');
  const changed = join(folder, 'changed.json');
  await writeFile(changed, (await readFile(file, 'utf8')).replace('"20.00"', '"21.00"'));
  const run = await runCommand(['proof', 'verify', changed, '--json']);
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ valid: false });
  await writeFile(changed, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), await readFile(file)]));
  expect((await runCommand(['proof', 'verify', changed])).code).toBe(1);
});

it('is wrong usage with an invalid root, or a file that does not exist', async () => {
  expect((await runCommand(['proof', 'verify', file, '--root', 'x'])).code).toBe(2);
  expect((await runCommand(['proof', 'verify', join(folder, 'none.json')])).code).toBe(2);
});
