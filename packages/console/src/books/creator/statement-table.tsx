import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { useMemo } from 'react';
import { AmountOrDash, Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { readableDate } from '../../format/time.ts';
import { EntryLink } from '../links.tsx';

type NumberedRow = StatementRow & { readonly key: string };

/** Opening balance, every movement with its reason and entry, closing balance; estimates apart. */
export function StatementTable({
  program,
  creator,
  rows,
}: {
  readonly program: ProgramOut;
  readonly creator: string;
  readonly rows: readonly StatementRow[];
}) {
  const numbered = useMemo(() => rows.map((row, index): NumberedRow => ({ ...row, key: String(index) })), [rows]);
  const columns = useMemo(() => columnsOf(program), [program]);
  return (
    <DataTable
      caption={`Statement of ${creator}`}
      columns={columns}
      rows={numbered}
      rowKey={({ key }) => key}
      empty="There is no movement."
    />
  );
}

function columnsOf({ program, currency }: ProgramOut): TableColumn<NumberedRow>[] {
  return [
    {
      id: 'date',
      header: 'Effective',
      cell: ({ effective_at }) => (effective_at === null ? <Nothing /> : readableDate(effective_at)),
    },
    {
      id: 'reason',
      header: 'What',
      isRowHeader: true,
      width: 1.8,
      cell: ({ line, reason }) => (
        <>
          {line === 'estimate' ? <Badge tone="info">estimate</Badge> : null} <Name>{reason ?? line}</Name>
        </>
      ),
    },
    {
      id: 'account',
      header: 'Account',
      width: 0.7,
      cell: ({ account }) => (account === null ? <Nothing /> : account.slice(account.lastIndexOf(':') + 1)),
    },
    {
      id: 'entry',
      header: 'Entry',
      width: 1.4,
      cell: ({ entry_key }) =>
        entry_key === null ? <Nothing /> : <EntryLink program={program} entryKey={entry_key} />,
    },
    {
      id: 'amount',
      header: `Amount (${currency})`,
      isNumeric: true,
      cell: ({ amount, line }) => <AmountOrDash value={amount} isChange={line === 'movement'} />,
    },
    { id: 'balance', header: 'Balance', isNumeric: true, cell: ({ balance }) => <AmountOrDash value={balance} /> },
  ];
}
