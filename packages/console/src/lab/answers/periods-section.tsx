import type { PeriodView, PolicyView } from '@rewardbook/lab/view/policy-view';
import { AmountOrDash } from '../../blocks/amount.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';

/** Pools and undistributed money of each period. */
export function PeriodsSection({ view: { periods, currency } }: { readonly view: PolicyView }) {
  return (
    <Section title="Periods">
      <DataTable
        caption={`Periods, ${currency}`}
        columns={COLUMNS}
        rows={periods}
        rowKey={({ period }) => period}
        empty="No period"
      />
    </Section>
  );
}

const COLUMNS: TableColumn<PeriodView>[] = [
  { id: 'period', header: 'Period', isRowHeader: true, cell: ({ period }) => period },
  {
    id: 'poolBefore',
    header: 'Pool before',
    isNumeric: true,
    cell: ({ pool }) => <AmountOrDash value={pool.before} />,
  },
  { id: 'poolAfter', header: 'Pool after', isNumeric: true, cell: ({ pool }) => <AmountOrDash value={pool.after} /> },
  {
    id: 'leftBefore',
    header: 'Undistributed before',
    isNumeric: true,
    cell: ({ undistributed }) => <AmountOrDash value={undistributed.before} />,
  },
  {
    id: 'leftAfter',
    header: 'Undistributed after',
    isNumeric: true,
    cell: ({ undistributed }) => <AmountOrDash value={undistributed.after} />,
  },
];
