import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import {
  type StatementLineOut,
  type StatementOut,
  statementLineOutSchema,
} from '@rewardbook/contracts/api/reconciliation';
import { useMemo } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { readableDate } from '../../format/time.ts';
import { bookColumns } from './book-columns.tsx';
import { DIFFERENCE_WORDS } from './difference-words.ts';

export interface StatementLinesProps {
  readonly program: ProgramOut;
  readonly period: string;
  readonly statement: StatementOut;
}

/** A statement line by line, next to what the books say. */
export function StatementLines({ program, period, statement }: StatementLinesProps) {
  const pages = usePages(
    {
      service: 'ledger',
      path: path`/v1/programs/${program.program}/reconciliations/${period}/statements/${String(statement.importId)}/lines`,
    },
    statementLineOutSchema,
  );
  const columns = useMemo(() => columnsOf(program), [program]);
  return (
    <PagedTable
      what="the lines"
      caption={`Lines of the ${statement.kind} statement “${statement.source}”, as imported`}
      columns={columns}
      pages={pages}
      rowKey={({ line }) => String(line)}
      empty="The statement has no line."
    />
  );
}

function columnsOf(program: ProgramOut): TableColumn<StatementLineOut>[] {
  return [
    { id: 'line', header: 'Line', isNumeric: true, width: 0.5, cell: ({ line }) => line },
    { id: 'date', header: 'Date', cell: ({ date }) => readableDate(date) },
    { id: 'reference', header: 'Reference', isRowHeader: true, cell: ({ reference }) => <Name>{reference}</Name> },
    {
      id: 'amount',
      header: 'In the statement',
      isNumeric: true,
      cell: (line) => <Amount value={line.amount} currency={line.currency} />,
    },
    ...bookColumns<StatementLineOut>(program),
    {
      id: 'differences',
      header: 'Agrees',
      width: 1.3,
      cell: ({ differences }) =>
        differences.length === 0 ? (
          <Badge tone="good">agrees</Badge>
        ) : (
          <Badge tone="warn">{differences.map((difference) => DIFFERENCE_WORDS[difference]).join('; ')}</Badge>
        ),
    },
  ];
}
