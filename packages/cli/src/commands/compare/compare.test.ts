import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runHere } from '../../../../../test/support/test-run.ts';

const POLICY = { program: 'p', name: 'P', currency: 'JPY', timeZone: 'Asia/Tokyo', period: 'month', revenueShare: '1' };
const like = (id: string, creatorId: string) =>
  JSON.stringify({
    id,
    type: 'like',
    viewerId: `v${id}`,
    creatorId,
    contentId: 'k',
    occurredAt: '2026-10-03T00:00:00Z',
  });
const EVENTS = [like('1', 'star'), like('2', 'star'), like('3', 'star'), like('4', '=cmd')].join('\n');

const periodOf = z.object({ resultHash: z.string(), metrics: z.record(z.string(), z.unknown()) });
const resultOf = z.object({ policyHash: z.string(), periods: z.array(periodOf) });
const comparisonOf = z.object({ b: resultOf, metrics: z.object({ b: z.record(z.string(), z.unknown()) }) });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewardbook-compare-'));
  await writeFile(join(folder, 'a.json'), JSON.stringify(POLICY));
  await writeFile(join(folder, 'b.json'), JSON.stringify({ ...POLICY, allocation: { maxShare: '0.5' } }));
  await writeFile(join(folder, 'usd.json'), JSON.stringify({ ...POLICY, currency: 'USD' }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const compare = (b: string, ...more: string[]) =>
  runHere(
    [
      'compare',
      '--policy',
      join(folder, 'a.json'),
      '--policy',
      join(folder, b),
      '--events',
      '-',
      '--revenue',
      '2026-10=100',
      ...more,
    ],
    EVENTS,
  );

describe('compare', () => {
  it('prints one JSON object', async () => {
    const { code, stdout } = await compare('b.json', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      a: { funded: '100', allocated: '100', undistributed: '0' },
      b: { allocation: { method: 'pro-rata', maxShare: '0.5' } },
      creators: [
        { creatorId: '=cmd', before: '25', after: '50', difference: '25', rankBefore: 2, rankAfter: 1 },
        { creatorId: 'star', before: '75', after: '50', difference: '-25', rankBefore: 1, rankAfter: 1 },
      ],
      winners: 1,
      losers: 1,
      unchanged: 0,
      moneyMoved: '25',
      metrics: { a: { gini: '0.250000' }, b: { gini: '0.000000' } },
    });
  });

  it('prints CSV that no spreadsheet runs', async () => {
    const { stdout } = await compare('b.json', '--format', 'csv');
    expect(stdout).toBe(
      "creator_id,before,after,difference,rank_before,rank_after\n'=cmd,25,50,25,2,1\nstar,75,50,-25,1,1\n",
    );
  });

  it('prints a table for people', async () => {
    const { stdout } = await compare('b.json');
    expect(stdout).toMatch(/winners +1\n/);
    expect(stdout).toMatch(/Who wins most\n[^\n]+\n[^\n]+\n=cmd +25 +50 +\+25 +2 +1\n/);
    expect(stdout).toMatch(/gini +0\.250000 +0\.000000/);
  });

  it.each([
    ['one policy', ['compare', '--policy', 'a.json', '--events', '-', '--revenue', '2026-10=1'], 'Give two policies'],
    ['no policy', ['compare', '--events', '-', '--revenue', '2026-10=1'], '--policy'],
  ])('refuses %s', async (_, args, message) => {
    const run = await runHere(args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  it('takes a pack with everything that belongs to it', async () => {
    const policy = fileURLToPath(new URL('../../../../../seeds/challenge-jp/policy.yaml', import.meta.url));
    const args = ['compare', '--policy', policy, policy, '--scenario', 'challenge-jp', '--count', '500', '--json'];
    const { code, stdout } = await runHere(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ a: { funded: '10500000' }, winners: 0, moneyMoved: '0' });
  });

  it('measures as simulate does, with the same results', async () => {
    const inputs = ['--events', '-', '--revenue', '2026-10=100'];
    const file = join(folder, 'b.json');
    const { stdout } = await runHere(['simulate', '--policy', file, ...inputs, '--json'], EVENTS);
    const simulated = resultOf.parse(JSON.parse(stdout));
    const compared = comparisonOf.parse(JSON.parse((await compare('b.json', '--json')).stdout));
    expect(compared.metrics.b).toEqual(simulated.periods[0]?.metrics);
    expect(compared.b.policyHash).toBe(simulated.policyHash);
    expect(compared.b.periods[0]?.resultHash).toBe(simulated.periods[0]?.resultHash);
  });

  it('refuses events without revenue', async () => {
    const policy = join(folder, 'a.json');
    const run = await runHere(['compare', '--policy', policy, policy, '--events', '-'], EVENTS);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Give --revenue');
  });

  it('refuses two currencies before it reads the events', async () => {
    const run = await compare('usd.json');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('currency is JPY in one and USD in the other');
  });
});
