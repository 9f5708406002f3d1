import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explanationSchema } from '@rewardbook/contracts/api/explanation';
import { entryDetailSchema } from '@rewardbook/contracts/api/journal';
import { readConnection } from '@rewardbook/local/connection-file';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Run, runCommand } from '../support/test-command.ts';
import { makeDataFolder, startUp, type Up } from '../support/up.ts';

const POLICY = `
program: reels
name: Reels
currency: IDR
timeZone: Asia/Jakarta
period: month
weights: { like: "1", follow: "5" }
eligibility: { registeredOnly: true }
`;
const event = (id: string, type: string, viewerId: string, creatorId: string) =>
  JSON.stringify({
    id,
    type,
    viewerId,
    creatorId,
    ...(type === 'like' ? { contentId: 'k1' } : {}),
    occurredAt: '2024-05-10T12:00:00Z',
  });
const EVENTS = [
  event('1', 'like', 'v1', 'budi é'),
  event('2', 'follow', 'v2', 'budi é'),
  event('3', 'like', 'v3', 'sari'),
  event('4', 'like', 'sari', 'sari'),
  event('5', 'like', 'v5', 'nobody'),
].join('\n');

let folder: string;
let up: Up;

const rewardbook = (args: readonly string[], stdin?: string): Promise<Run> =>
  runCommand([...args, '--data', folder], stdin === undefined ? {} : { stdin });

async function done(args: readonly string[], stdin?: string): Promise<string> {
  const run = await rewardbook(args, stdin);
  expect(run.code, `${args.join(' ')}: ${run.stderr}`).toBe(0);
  return run.stdout;
}

const OF_MAY = ['--program', 'reels', '--period', '2024-05'];

beforeAll(async () => {
  folder = await makeDataFolder();
  up = await startUp(folder);
  await done(['program', 'apply', '-'], POLICY);
  await done(['creators', 'import', '-', '--program', 'reels'], 'creatorId\nbudi é\nsari\n');
  const file = join(folder, 'events.ndjson');
  await writeFile(file, EVENTS);
  await done(['replay', file, '--program', 'reels']);
  await done(['revenue', ...OF_MAY, '--amount', '1000.00', '--reference', 'ads']);
  await done(['close', ...OF_MAY]);
}, 180_000);
afterAll(async () => {
  up?.child.kill('SIGKILL');
  await up?.ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
});

it('explain shows on a page and as JSON how an amount came about', async () => {
  const page = await done(['explain', ...OF_MAY, '--creator', 'budi é']);
  for (const part of [
    'IDR 42.86',
    '1 × 1 likes + 5 × 1 follows = 6',
    '30000/7 = 30000/7 minor units',
    'close:2024-05',
  ]) {
    expect(page).toContain(part);
  }
  const sari = explanationSchema.parse(JSON.parse(await done(['explain', ...OF_MAY, '--creator', 'sari', '--json'])));
  expect(sari.events.excluded).toEqual([{ rule: 'selfEngagement', likes: 1, follows: 0 }]);
  expect(sari.share).toMatchObject({ weight: '1', totalWeight: '7', floor: '7.14', rank: 2, getsUnit: false });
  const nobody = explanationSchema.parse(
    JSON.parse(await done(['explain', ...OF_MAY, '--creator', 'nobody', '--json'])),
  );
  expect(nobody).toMatchObject({
    amount: '0.00',
    points: { total: '1', used: '0', void: true },
    eligibility: { eligible: false },
  });
  expect(await rewardbook(['explain', ...OF_MAY, '--creator', 'never seen'])).toMatchObject({ code: 2, stdout: '' });
});

it('a proof verifies without the system against what the close published, and fails when a digit changes', async () => {
  const file = join(folder, 'proof.json');
  await done(['proof', 'get', ...OF_MAY, '--creator', 'budi é', '-o', file]);
  const connection = await readConnection(folder);
  const answer = await fetch(`${up.urls.ledger}/v1/programs/reels/journal/close:2024-05`, {
    headers: { authorization: `Bearer ${connection?.keys.read}` },
  });
  const { proofRoot = '', proofTotal = '' } = entryDetailSchema.parse(await answer.json()).details;
  const verify = (path: string) => runCommand(['proof', 'verify', path, '--root', proofRoot, '--total', proofTotal]);
  expect(await verify(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('IDR 42.86') });
  const changed = join(folder, 'changed.json');
  await writeFile(changed, (await readFile(file, 'utf8')).replace('"42.86"', '"42.87"'));
  expect(await verify(changed)).toMatchObject({ code: 1, stdout: '' });
});

it('reports go back to a posting time and an effective date', async () => {
  const report = ['report', 'trial-balance', '--program', 'reels', '--json'];
  const rows = async (...more: string[]): Promise<unknown[]> => JSON.parse(await done([...report, ...more])).rows;
  expect(await rows('--as-of', '2999-01-01T00:00:00Z')).toEqual(await rows());
  expect(await rows('--as-of', '2024-06-01T00:00:00+07:00')).toHaveLength(1);
  const beforeEnd = await rows('--effective', '2024-05-30');
  expect(beforeEnd).not.toEqual(await rows());
  expect((await rewardbook([...report, '--as-of', 'yesterday'])).code).toBe(2);
});

it('verify checks the roots', async () => {
  expect(await done(['verify'])).toContain('proofs: roots grown again');
});
