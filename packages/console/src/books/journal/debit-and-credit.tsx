import { Amount, Nothing } from '../../blocks/amount.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { isNegative, negated } from '../../format/decimal-text.ts';

/** A posting's amount (debit positive) in the column of its side. */
export function debitAndCredit<Row extends { readonly amount: string }>(currency: string): TableColumn<Row>[] {
  return [
    {
      id: 'debit',
      header: `Debit (${currency})`,
      isNumeric: true,
      cell: ({ amount }) => (isNegative(amount) ? <Nothing /> : <Amount value={amount} />),
    },
    {
      id: 'credit',
      header: `Credit (${currency})`,
      isNumeric: true,
      cell: ({ amount }) => (isNegative(amount) ? <Amount value={negated(currency, amount)} /> : <Nothing />),
    },
  ];
}
