import { expect, it } from 'vitest';
import { compareKeys, nextOrder, readOrder, sortQuery, writeOrder } from './column.ts';

it('an order is written as an address has it, and read back', () => {
  expect(readOrder('-amount')).toEqual({ column: 'amount', isDescending: true });
  expect(readOrder('creator')).toEqual({ column: 'creator', isDescending: false });
  expect([readOrder(undefined), readOrder(''), readOrder('-')]).toEqual([undefined, undefined, undefined]);
  expect(writeOrder({ column: 'amount', isDescending: true })).toBe('-amount');
});

it('a first press orders numbers from the largest down and texts from the first; a second turns it round', () => {
  expect(nextOrder(undefined, 'amount', true)).toEqual({ column: 'amount', isDescending: true });
  expect(nextOrder({ column: 'amount', isDescending: true }, 'amount', true)).toEqual({
    column: 'amount',
    isDescending: false,
  });
  expect(nextOrder({ column: 'amount', isDescending: true }, 'creator', false)).toEqual({
    column: 'creator',
    isDescending: false,
  });
});

it('orders amounts of any size exactly, texts by their bytes, and what is missing last', () => {
  const large = 10n ** 30n;
  expect([large + 1n, large, -1n].toSorted(compareKeys)).toEqual([-1n, large, large + 1n]);
  expect(['\u{1f600}', '\uffee', 'b', 'a'].toSorted(compareKeys)).toEqual(['a', 'b', '\uffee', '\u{1f600}']);
  expect([null, 'a', null, 'b'].toSorted(compareKeys)).toEqual(['a', 'b', null, null]);
});

it('a list is asked for an order that it has, and for its own otherwise', () => {
  expect(sortQuery('-net', ['creator', 'net'])).toEqual({ sort: 'net', order: 'desc' });
  expect(sortQuery('creator', ['creator', 'net'])).toEqual({ sort: 'creator', order: 'asc' });
  expect([sortQuery('gross', ['net']), sortQuery(undefined, ['net'])]).toEqual([{}, {}]);
});
