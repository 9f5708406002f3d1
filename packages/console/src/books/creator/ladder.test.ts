import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { expect, it } from 'vitest';
import { sumOf } from '../../format/decimal-text.ts';
import { ladderOf } from './ladder.ts';

function movement(entry_key: string, account: string, amount: string): StatementRow {
  return { line: 'movement', entry_key, account: `creator:c1:${account}`, amount } as StatementRow;
}

it('earned and other, less what was paid, is what is held and available', () => {
  const ladder = ladderOf('IDR', [
    { line: 'opening', amount: null } as StatementRow,
    movement('close:2026-09', 'payable', '100.00'),
    movement('holdback:2026-09', 'payable', '-20.00'),
    movement('holdback:2026-09', 'held', '20.00'),
    movement('payout-run:2026-09-1', 'payable', '-80.00'),
    movement('payout-return:2026-09-1:c1', 'payable', '80.00'),
    movement('adjustment:A1', 'payable', '-5.00'),
    { line: 'closing', amount: null } as StatementRow,
    { line: 'estimate', amount: '7.50' } as StatementRow,
  ]);
  expect(ladder).toEqual({
    estimated: '7.50',
    earned: '100.00',
    other: '-5.00',
    held: '20.00',
    available: '75.00',
    paid: '0.00',
  });
  expect(sumOf('IDR', [ladder.earned, ladder.other, `-${ladder.paid}`])).toBe(
    sumOf('IDR', [ladder.held, ladder.available]),
  );
});
