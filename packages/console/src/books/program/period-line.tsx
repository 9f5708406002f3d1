import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { AmountOrDash, Nothing } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Instant } from '../../blocks/instant.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { PeriodLink } from '../links.tsx';

function columnsOf({ program, currency, timeZone }: ProgramOut): TableColumn<PeriodOut>[] {
  return [
    {
      id: 'period',
      header: 'Period',
      isRowHeader: true,
      cell: ({ period }) => <PeriodLink program={program} period={period} />,
    },
    {
      id: 'status',
      header: 'Status',
      cell: ({ status, failure }) => (
        <span className="row">
          <StatusBadge status={status} />
          {failure === null ? null : <StatusBadge status="failed" />}
        </span>
      ),
    },
    {
      id: 'revenue',
      header: `Revenue (${currency})`,
      isNumeric: true,
      cell: ({ revenue }) => <AmountOrDash value={revenue} />,
    },
    { id: 'pool', header: 'Pool', isNumeric: true, cell: ({ pool }) => <AmountOrDash value={pool} /> },
    {
      id: 'allocated',
      header: 'Allocated',
      isNumeric: true,
      cell: ({ allocated }) => <AmountOrDash value={allocated} />,
    },
    {
      id: 'undistributed',
      header: 'Undistributed',
      isNumeric: true,
      cell: ({ undistributed }) => <AmountOrDash value={undistributed} />,
    },
    {
      id: 'closed',
      header: 'Closed',
      cell: ({ closedAt }) => (closedAt === null ? <Nothing /> : <Instant at={closedAt} timeZone={timeZone} />),
    },
  ];
}

/** Periods, the newest first. */
export function PeriodLine({
  program,
  periods,
}: {
  readonly program: ProgramOut;
  readonly periods: readonly PeriodOut[];
}) {
  return (
    <DataTable
      caption={`Periods of ${program.name}, the newest first`}
      columns={columnsOf(program)}
      rows={[...periods].reverse()}
      rowKey={({ period }) => period}
      empty={
        <>
          No period has revenue yet. Book some: <code>rewardbook revenue --program {program.program} --period …</code>
        </>
      }
    />
  );
}
