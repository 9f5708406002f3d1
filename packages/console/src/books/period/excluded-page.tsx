import { type ExcludedEvent, excludedEventSchema } from '@rewardbook/contracts/api/excluded-events';
import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { ListFiles } from '../../blocks/list-files.tsx';
import { describeFilter, type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { readablePeriod } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { judgedEventColumns } from '../judged-event-columns.tsx';
import { CreatorLink } from '../links.tsx';
import { excludedSearchSchema } from '../list-search.ts';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';

const EXCLUDED = '/books/$program/periods/$period/excluded';
const FILTERS: readonly FilterField<'rule' | 'creator' | 'viewer'>[] = [
  {
    name: 'rule',
    label: 'Rule',
    options: [{ value: '', text: 'Any rule' }, ...RISK_RULES.map((value) => ({ value, text: value }))],
  },
  { name: 'creator', label: 'Creator' },
  { name: 'viewer', label: 'Viewer' },
];

/** The events that a close did not count, each with the rule that excluded it. */
export function ExcludedPage() {
  const program = useProgram();
  const { period } = useParams({ from: EXCLUDED });
  const filter = useSearch({ from: EXCLUDED });
  const navigate = useNavigate({ from: EXCLUDED });
  const call = {
    service: 'reports',
    path: path`/v1/programs/${program.program}/periods/${period}/excluded-events`,
    query: filter,
  } as const;
  const pages = usePages(call, excludedEventSchema);
  const filtered = describeFilter(FILTERS, filter);
  return (
    <Page
      trail={[
        programStep(program),
        <Link key="period" to="/books/$program/periods/$period" params={{ program: program.program, period }}>
          {readablePeriod(period)}
        </Link>,
      ]}
      title="Excluded events"
      actions={
        <ListFiles what={filtered === undefined ? 'the excluded events' : `these events (${filtered})`} of={call} />
      }
      lead={`What rules kept from counting at the close of ${readablePeriod(period)}, by viewer. An event that several rules exclude is listed under the first.`}
    >
      <div className="section">
        <ListFilter
          fields={FILTERS}
          values={filter}
          onChange={(values) => void navigate({ search: excludedSearchSchema.parse(values), replace: true })}
        />
        <PagedTable
          what="the excluded events"
          caption={`Excluded events of ${period}${filtered === undefined ? '' : `, ${filtered}`}`}
          columns={columnsOf(program.program, program.timeZone)}
          pages={pages}
          rowKey={({ id, source, viewerId }) => JSON.stringify([id, source, viewerId])}
          empty={filtered === undefined ? 'No rule excluded an event.' : `No excluded event is there for ${filtered}.`}
        />
      </div>
    </Page>
  );
}

function columnsOf(program: string, timeZone: string): TableColumn<ExcludedEvent>[] {
  return [
    ...judgedEventColumns<ExcludedEvent>(timeZone, [
      {
        id: 'creator',
        header: 'Creator',
        cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
      },
    ]),
    { id: 'rule', header: 'Rule', width: 1.2, cell: ({ excludedBy }) => <code>{excludedBy}</code> },
  ];
}
