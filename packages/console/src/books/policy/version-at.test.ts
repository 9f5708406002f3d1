import { expect, it } from 'vitest';
import { versionAt } from './version-at.ts';

const version = (number: number, validFrom: string | null) => ({
  version: number,
  validFrom,
  policyHash: '',
  createdAt: '',
});

it('a version holds from its first period to that of the next, whichever was applied first', () => {
  const versions = [version(1, null), version(2, '2026-11'), version(3, '2026-10'), version(4, '2026-10')];
  const at = (period: string | null) => versionAt(versions, period)?.version;
  expect([at(null), at('2026-09'), at('2026-10'), at('2026-11'), at('2027-01')]).toEqual([1, 1, 4, 2, 2]);
  expect(versionAt([], '2026-10')).toBeUndefined();
});
