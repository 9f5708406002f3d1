import type { DifferenceOut } from '@rewardbook/contracts/api/reconciliation';

/** Why a reference is not the same in statement and books, in words. */
export const DIFFERENCE_WORDS: Readonly<Record<DifferenceOut['difference'], string>> = {
  'duplicate-reference': 'the statement has the reference twice',
  'wrong-currency': 'another currency',
  'wrong-period': 'booked for another period',
  'missing-in-books': 'not in the books',
  'missing-in-statement': 'not in the statement',
  'amount-differs': 'the amounts differ',
};
