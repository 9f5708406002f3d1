import { expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { commandLines } from './command-line.ts';

const REVENUE = [{ period: '2026-10', amount: '1.00' }];
const candidate = [{ file: 'candidate.yaml', policy: testPolicy() }];
const lastLine = (search: Parameters<typeof commandLines>[0]['search'], more = {}) =>
  commandLines({
    ...{ search, scenario: undefined, revenue: REVENUE, asksForRevenue: true, policies: candidate },
    ...{ command: 'sweep', options: ['--set', "weights.follow=1,2 and 'more'"] },
    ...more,
  })
    ?.split('\n')
    .at(-1);

it('a pack is named with what differs from it; other events come with their revenue', () => {
  const end = `--set 'weights.follow=1,2 and '\\''more'\\''' --json`;
  expect(lastLine({ pack: 'burst-kr', events: 10, seed: 3 })).toBe(
    `rewardbook sweep --policy candidate.yaml --scenario burst-kr --seed 3 --count 10 ${end}`,
  );
  expect(lastLine({ file: '$(rm).ndjson' })).toBe(
    `rewardbook sweep --policy candidate.yaml --events '$(rm).ndjson' --revenue 2026-10=1.00 ${end}`,
  );
  expect(lastLine({ pack: 'burst-kr', creators: 5 }, { scenario: 'seed: 1' })).toBe(
    `rewardbook sweep --policy candidate.yaml --scenario scenario.yaml --creators creators.csv --revenue 2026-10=1.00 ${end}`,
  );
});

it('is undefined for what only the books know', () => {
  expect(lastLine({ program: 'p' })).toBeUndefined();
});
