import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runHere } from '../../../../../test/support/test-run.ts';

const SCOUT = ['screen', '--scenario', 'scout-in', '--count', '8000'];
const answer = z.object({
  periods: z.array(z.string()),
  creators: z.array(z.object({ creatorId: z.string(), handle: z.string(), points: z.array(z.string()) })),
});

describe('screen', () => {
  it('finds the risers of scout-in before those who flared up', async () => {
    const run = await runHere([...SCOUT, '--top', '100', '--json']);
    expect(run.code).toBe(0);
    const { periods, creators } = answer.parse(JSON.parse(run.stdout));
    const ids = creators.map(({ creatorId }) => creatorId);
    expect(periods).toHaveLength(8);
    expect(ids.slice(0, 3).toSorted()).toEqual(['c0000601', 'c0000602', 'c0000603']);
    for (const flare of ['c0000701', 'c0000702', 'c0000703']) {
      expect(ids.indexOf(flare)).toBeGreaterThan(2);
    }
  });

  it('prints a table, and CSV with a column for each period', async () => {
    expect((await runHere([...SCOUT, '--top', '3'])).stdout).toMatch(/creators, 2026-W36 to 2026-W43; the first 3\n/);
    const { stdout } = await runHere([...SCOUT, '--periods', '2', '--format', 'csv']);
    expect(stdout).toMatch(/^rank,creator_id,handle,.*,score,points 2026-W42,points 2026-W43\n1,c00/);
  });

  it.each([
    ['no policy', ['screen', '--events', '-'], 'Give --policy'],
    [
      'no events',
      [
        'screen',
        '--policy',
        fileURLToPath(new URL('../../../../../seeds/scout-in/policy.yaml', import.meta.url)),
        '--events',
        '-',
      ],
      'there are no events',
    ],
  ])('refuses %s', async (_, args, message) => {
    const run = await runHere(args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  });
});
