import { type ExplainedEvent, explainedEventOutSchema } from '@rewardbook/contracts/api/explanation';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePages } from '../../api/pages.ts';
import { Badge } from '../../blocks/badge.tsx';
import { type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { judgedEventColumns } from '../judged-event-columns.tsx';

const WHY = '/books/$program/creators/$creator/why/$period';
const COUNTED = 'counted';

export interface JudgedEventsProps {
  /** Path of the explanation. */
  readonly place: string;
  readonly timeZone: string;
  /** Rules that excluded events of this creator. */
  readonly rules: readonly string[];
}

export function JudgedEvents({ place, timeZone, rules }: JudgedEventsProps) {
  const { rule } = useSearch({ from: WHY });
  const navigate = useNavigate({ from: WHY });
  const pages = usePages({ service: 'reports', path: `${place}/events`, query: { rule } }, explainedEventOutSchema);
  const fields: readonly FilterField<'rule'>[] = [
    {
      name: 'rule',
      label: 'Events',
      options: [
        { value: '', text: 'All events' },
        { value: COUNTED, text: 'Those that count' },
        ...rules.map((one) => ({ value: one, text: `Excluded by ${one}` })),
      ],
    },
  ];
  return (
    <>
      <ListFilter
        fields={fields}
        values={{ rule }}
        onChange={(values) =>
          void navigate({ search: (before) => ({ ...before, ...values }), replace: true, resetScroll: false })
        }
      />
      <PagedTable
        what="the events"
        caption="Judged events"
        columns={columnsOf(timeZone)}
        pages={pages}
        rowKey={({ id, source, viewerId }) => JSON.stringify([id, source, viewerId])}
        empty={
          rule === undefined ? 'This close judged no event of this creator.' : `No event is there under “${rule}”.`
        }
      />
    </>
  );
}

function columnsOf(timeZone: string): TableColumn<ExplainedEvent>[] {
  return [
    ...judgedEventColumns<ExplainedEvent>(timeZone),
    {
      id: 'counts',
      header: 'Counts',
      cell: ({ excludedBy }) =>
        excludedBy === null ? <Badge tone="good">counts</Badge> : <Badge tone="quiet">{excludedBy}</Badge>,
    },
  ];
}
