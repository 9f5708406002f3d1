import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runHere } from '../../../../../test/support/test-run.ts';
import { readAxis } from './axis.ts';

const sweep = (...args: string[]) => runHere(['sweep', '--scenario', 'burst-kr', '--count', '1000', ...args]);

const estimate = z.object({ runs: z.number(), mean: z.string(), low: z.string(), high: z.string() });
const answer = z.object({
  parameters: z.array(z.object({ path: z.string(), values: z.array(z.string()) })),
  seeds: z.array(z.number()).optional(),
  interval: z.string().optional(),
  points: z.array(
    z.object({
      settings: z.record(z.string(), z.string()),
      estimates: z.object({ gini: estimate }).optional(),
      metrics: z.object({ gini: z.string() }).optional(),
    }),
  ),
});

describe('readAxis', () => {
  it.each([
    ['weights.follow=1..3:1', ['1', '2', '3']],
    ['weights.follow=1..3', ['1', '2', '3']],
    ['allocation.maxShare=0.1..0.4:0.15', ['0.1', '0.25', '0.4']],
    ['allocation.maxShare=0.1..0.35:0.15', ['0.1', '0.25']],
    ['allocation.method=equal,pro-rata', ['equal', 'pro-rata']],
    ['weights.follow=7', ['7']],
  ])('reads %s', (text, values) => {
    expect(readAxis(text)[0]?.values).toEqual(values);
  });

  it.each(['weights.follow', '=1', 'a=', 'a=1,,2', 'a=3..1:1', 'a=1..3:0', 'a=1..x', 'a=0..1:0.000001'])(
    'refuses %s',
    (text) => {
      expect(() => readAxis(text)).toThrow();
    },
  );
});

describe('sweep', () => {
  it('measures every combination, the last key changing fastest', async () => {
    const run = await sweep('--set', 'weights.follow=1,3', '--set', 'allocation.maxShare=0.1..0.2:0.1', '--json');
    expect(run.code).toBe(0);
    const { parameters, points } = answer.parse(JSON.parse(run.stdout));
    expect(parameters.map(({ path }) => path)).toEqual(['weights.follow', 'allocation.maxShare']);
    expect(points.map(({ settings }) => Object.values(settings))).toEqual([
      ['1', '0.1'],
      ['1', '0.2'],
      ['3', '0.1'],
      ['3', '0.2'],
    ]);
  });

  it('prints CSV with a column for each key', async () => {
    const { stdout } = await sweep('--set', 'weights.follow=1,3', '--format', 'csv');
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^weights\.follow,policy_hash,funded,allocated,.*,gini,/);
    expect(rows.map((row) => row.split(',')[0])).toEqual(['1', '3']);
  });

  it('estimates over seeds, the same every time, with an interval around the mean', async () => {
    const args = ['--set', 'weights.follow=1,3', '--seeds', '3', '--json'];
    const run = await sweep(...args);
    const { seeds, interval, points } = answer.parse(JSON.parse(run.stdout));
    expect([seeds, interval]).toEqual([[20261012, 20261014], 't95']);
    for (const { estimates } of points) {
      const { runs, mean, low, high } = estimates?.gini ?? estimate.parse({});
      expect([runs, Number(low) < Number(mean), Number(mean) < Number(high)]).toEqual([3, true, true]);
    }
    expect((await sweep(...args)).stdout).toBe(run.stdout);
    // The mean is that of the runs one by one.
    const ginis = [];
    for (const seed of ['20261012', '20261013', '20261014']) {
      const one = await sweep('--set', 'weights.follow=1', '--seed', seed, '--json');
      ginis.push(Number(answer.parse(JSON.parse(one.stdout)).points[0]?.metrics?.gini));
    }
    expect(Number(points[0]?.estimates?.gini.mean)).toBeCloseTo(ginis.reduce((a, b) => a + b, 0) / 3, 5);
  });

  it.each([
    ['a key that no policy has', ['--set', 'weights.share=1'], 'With --set weights.share=1 this is not a policy'],
    ['a value that no policy has', ['--set', 'allocation.maxShare=2'], 'at most 1'],
    ['seeds without a scenario', ['--set', 'weights.follow=1', '--seeds', '1'], 'whole number'],
    ['both kinds of events', ['--set', 'weights.follow=1', '--events', 'x'], 'either --events or --scenario'],
  ])('refuses %s', async (_, args, message) => {
    const run = await sweep(...args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
