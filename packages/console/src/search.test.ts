import { expect, it } from 'vitest';
import {
  approvalsSearchSchema,
  balancesSearchSchema,
  parseSearch,
  periodSearchSchema,
  runSearchSchema,
  stringifySearch,
} from './search.ts';

it('an address has only what differs from the defaults', () => {
  expect(stringifySearch({ find: undefined, order: '', status: null })).toBe('');
  expect(stringifySearch({ find: 'a b&c', order: '-amount' })).toBe('?find=a+b%26c&order=-amount');
});

it('what is written is read back, ids that look like numbers or JSON too', () => {
  for (const find of ['00123', '1e3', 'true', '{"a":1}', 'سلام', '😀', '%2F/?#']) {
    expect(periodSearchSchema.parse(parseSearch(stringifySearch({ find })))).toMatchObject({ find });
  }
});

it('a part that does not fit is left out, and the rest is kept', () => {
  expect(runSearchSchema.parse({ status: 'paid' })).toEqual({ status: undefined });
  expect(approvalsSearchSchema.parse({ status: 'all' })).toEqual({ status: 'all' });
  expect(balancesSearchSchema.parse({ asOf: 'yesterday', effective: '2026-10-31' })).toMatchObject({
    asOf: undefined,
    effective: '2026-10-31',
  });
  expect(periodSearchSchema.parse({ order: 'amount desc', find: 'c1' })).toMatchObject({
    order: undefined,
    find: 'c1',
  });
});
