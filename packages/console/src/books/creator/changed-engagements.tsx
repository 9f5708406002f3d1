import { type ExplainedEngagement, explainedEngagementOutSchema } from '@rewardbook/contracts/api/explanation';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { whySearchSchema } from '../list-search.ts';

const WHY = '/books/$program/creators/$creator/why/$period';
const OUTCOMES = [
  { value: '', text: 'All outcomes' },
  { value: 'gained', text: 'Gained' },
  { value: 'lost', text: 'Lost' },
  { value: 'lost-void', text: 'Lost without a cost' },
  { value: 'unchanged', text: 'Unchanged' },
] as const;

const FILTERS: readonly FilterField<'outcome'>[] = [{ name: 'outcome', label: 'Outcome', options: OUTCOMES }];

/** @param place path of the explanation */
export function ChangedEngagements({ place, timeZone }: { readonly place: string; readonly timeZone: string }) {
  const { outcome } = useSearch({ from: WHY });
  const navigate = useNavigate({ from: WHY });
  const pages = usePages(
    { service: 'reports', path: `${place}/engagements`, query: { outcome } },
    explainedEngagementOutSchema,
  );
  const chosen = OUTCOMES.find(({ value }) => value === outcome);
  return (
    <>
      <ListFilter
        fields={FILTERS}
        values={{ outcome }}
        onChange={(values) =>
          void navigate({
            search: (before) => whySearchSchema.parse({ ...before, ...values }),
            replace: true,
            resetScroll: false,
          })
        }
      />
      <PagedTable
        what="the engagements"
        caption="Changed engagements"
        columns={columnsOf(timeZone)}
        pages={pages}
        rowKey={({ viewerId, contentId }) => JSON.stringify([viewerId, contentId])}
        empty={
          chosen === undefined ? 'This close changed no engagement.' : `No engagement has the outcome “${chosen.text}”.`
        }
      />
    </>
  );
}

function columnsOf(timeZone: string): TableColumn<ExplainedEngagement>[] {
  return [
    { id: 'viewer', header: 'Viewer', isRowHeader: true, cell: ({ viewerId }) => <Name>{viewerId}</Name> },
    {
      id: 'content',
      header: 'Content',
      cell: ({ contentId }) => (contentId === null ? 'follow' : <Name>{contentId}</Name>),
    },
    { id: 'outcome', header: 'Outcome', cell: ({ outcome }) => outcome },
    { id: 'gained', header: 'Gained in', cell: ({ gainedIn }) => gainedIn ?? <Nothing /> },
    { id: 'lost', header: 'Lost in', cell: ({ lostIn }) => lostIn ?? <Nothing /> },
    { id: 'event', header: 'Latest event', cell: ({ event }) => <Name>{event.id}</Name> },
    {
      id: 'at',
      header: 'Occurred',
      width: 1.5,
      cell: ({ event }) => <Instant at={event.occurredAt} timeZone={timeZone} />,
    },
  ];
}
