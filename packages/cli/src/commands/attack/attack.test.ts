import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runHere } from '../../../../../test/support/test-run.ts';

const pack = (name: string) => fileURLToPath(new URL(`../../../../../seeds/${name}`, import.meta.url));
const attack = (...args: string[]) => runHere(['attack', ...args]);
const KWAI = ['--scenario', 'kwai-br', '--count', '1000'];

const report = z.object({
  kind: z.string(),
  creatorIds: z.array(z.string()),
  currency: z.string(),
  results: z.array(
    z.object({
      policy: z.string(),
      rules: z.string(),
      gain: z.string(),
      fakeEvents: z.number(),
      accounts: z.number(),
      excluded: z.array(z.object({ rule: z.string(), events: z.number() })),
      gainPerEvent: z.string().nullable(),
      breakEvenPrice: z.string().nullable(),
      cost: z.string(),
      profit: z.string(),
      honestLoss: z.string(),
    }),
  ),
});

describe('attack', () => {
  it('tries each policy as written, without its rules, and with each alone', async () => {
    const run = await attack(...KWAI, '--kind', 'bought-followers', '--size', '200', '--cost', '0.02', '--json');
    expect(run.code).toBe(0);
    const { creatorIds, currency, results } = report.parse(JSON.parse(run.stdout));
    expect([creatorIds.length, currency]).toEqual([1, 'BRL']);
    expect(results.map(({ policy, rules }) => `${policy}: ${rules}`)).toEqual([
      'kwai-br: as written',
      'kwai-br: none',
      'kwai-br: maxEventsPerViewerPerHour=60',
      'kwai-br: maxTogglesPerEngagement=6',
      'kwai-br: maxLikesPerPair=30',
      'kwai-br: minViewerAgeHours=24',
    ]);
    const [written, none] = results;
    expect(written).toMatchObject({ fakeEvents: 200, accounts: 200, cost: '4' });
    expect(written?.excluded).toContainEqual({ rule: 'minViewerAgeHours', events: 200 });
    expect(Number(none?.gain)).toBeGreaterThan(0);
    expect(none?.gain).toBe(none?.honestLoss);
  });

  it('takes several policies, further rules, and creators by name', async () => {
    const policy = (name: string) => pack(`${name}/policy.yaml`);
    const args = ['--policy', policy('gulf-live'), policy('gulf-live'), '--scenario', 'gulf-live', '--count', '1000'];
    const run = await attack(
      ...args,
      '--kind',
      'whale',
      '--size',
      '50',
      '--creator',
      'c0000040',
      '--rule',
      'maxLikesPerPair=5',
      '--json',
    );
    const { creatorIds, results } = report.parse(JSON.parse(run.stdout));
    expect(creatorIds).toEqual(['c0000040']);
    expect(results.map(({ rules }) => rules)).toEqual([
      'as written',
      'none',
      'maxLikesPerPair=5',
      'as written',
      'none',
      'maxLikesPerPair=5',
    ]);
    expect(results[2]?.excluded).toEqual([{ rule: 'maxLikesPerPair', events: 45 }]);
  });

  it('prints a table, and CSV', async () => {
    const args = ['--scenario', 'gulf-live', '--count', '400', '--kind', 'like-ring', '--size', '100'];
    expect((await attack(...args)).stdout).toMatch(/attack +like-ring for c\d+, c\d+, c\d+, c\d+, c\d+\n/);
    const [header, ...rows] = (await attack(...args, '--format', 'csv')).stdout.trimEnd().split('\n');
    expect(header).toMatch(/^policy,rules,policy_hash,before,after,gain,fake_events,/);
    expect(rows).toHaveLength(2);
  });

  it('searches every method for manipulations that pay', async () => {
    const run = await attack('--search', '--trials', '25', '--json');
    const found = z
      .object({ found: z.array(z.object({ policy: z.string(), manipulation: z.string(), gained: z.number() })) })
      .parse(JSON.parse(run.stdout)).found;
    const splits = found.filter(({ manipulation }) => manipulation === 'split');
    expect(splits.filter(({ gained }) => gained > 0).map(({ policy }) => policy)).toEqual([
      'engaged-equal',
      'equal',
      'square-root',
    ]);
    expect(found).toHaveLength(12);
  });

  it('searches under a policy that is given, whose cap a second account gets around', async () => {
    const run = await attack('--search', '--policy', pack('scout-in/policy.yaml'), '--trials', '40');
    expect(run.stdout).toMatch(/policy\.yaml +split +yes/);
  });

  it.each([
    ['no kind', KWAI, 'Give --kind, or --search'],
    ['an unknown kind', [...KWAI, '--kind', 'bribe'], 'Allowed choices'],
    ['an invalid rule', [...KWAI, '--kind', 'whale', '--rule', 'maxLikes=1'], '--rule maxLikes=1: '],
    ['a price below zero', [...KWAI, '--kind', 'whale', '--cost', '-1'], 'A price is 0 or more'],
    ['no policy', ['--kind', 'whale', '--events', '-', '--revenue', '2026-10=1'], 'Give --policy'],
  ])('refuses %s', async (_, args, message) => {
    const run = await attack(...args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
