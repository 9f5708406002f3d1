import { currencyOf } from '@rewardbook/money/currency';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import type { PairCounts } from '../allocation/viewer-units.ts';
import { periodBounds } from '../values/period.ts';
import { type CloseInput, type CloseResult, type CloseRow, computeClose } from './close.ts';

/** A close with all of the revenue as pool, 10.00, and whatever is given on top. For tests. */
export function testClose(
  input: Partial<CloseInput> & Pick<CloseInput, 'creators'>,
  pairs: Iterable<PairCounts> = [],
): CloseResult & { readonly rows: CloseRow[] } {
  const result = computeClose(
    {
      program: 'test',
      period: '2026-10',
      bounds: periodBounds('2026-10', 'Asia/Jakarta'),
      currency: currencyOf('IDR'),
      policy: testPolicy({ revenueShare: '1' }),
      policyHash: 'p',
      creatorsHash: 'c',
      revenueEntries: 1000n,
      negativeRevenueCarriedIn: 0n,
      rolledOver: 0n,
      registered: () => undefined,
      followers: () => 0,
      followersBefore: () => 0,
      ...input,
    },
    pairs,
  );
  return { ...result, rows: [...result.creators] };
}
