import {
  CHANGE_KINDS,
  CHANGE_SORTS,
  type ChangedPayout,
  changedPayoutSchema,
} from '@rewardbook/contracts/api/run-changes';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Amount } from '../../blocks/amount.tsx';
import { describeFilter, type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import { sortQuery, type TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { Page } from '../../shell/page.tsx';
import { CreatorLink } from '../links.tsx';
import { changesSearchSchema } from '../list-search.ts';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { KIND_NAMES } from './change-kinds.ts';

const CHANGES = '/books/$program/runs/$run/changes';
const FILTERS: readonly FilterField<'kind' | 'find'>[] = [
  {
    name: 'kind',
    label: 'Creators who',
    options: [
      { value: '', text: 'are in either run' },
      ...CHANGE_KINDS.map((value) => ({ value, text: KIND_NAMES[value] })),
    ],
  },
  { name: 'find', label: 'Creator id has' },
];

/** What a run pays each creator beside the run before. */
export function ChangesPage() {
  const program = useProgram();
  const { run } = useParams({ from: CHANGES });
  const { order, ...filter } = useSearch({ from: CHANGES });
  const navigate = useNavigate({ from: CHANGES });
  const pages = usePages(
    {
      service: 'ledger',
      path: path`/v1/programs/${program.program}/payout-runs/${run}/changes/creators`,
      query: { ...filter, ...sortQuery(order, CHANGE_SORTS) },
    },
    changedPayoutSchema,
  );
  const setSearch = (part: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => changesSearchSchema.parse({ ...before, ...part }),
      replace: true,
      resetScroll: false,
    });
  const filtered = describeFilter(FILTERS, filter);
  return (
    <Page
      trail={[
        programStep(program),
        <Link key="run" to="/books/$program/runs/$run" params={{ program: program.program, run }}>
          Payout run {run}
        </Link>,
      ]}
      title="What changed since the run before"
      lead="Net payouts of this run beside those of the one before it, both as they were drafted."
    >
      <div className="section">
        <ListFilter fields={FILTERS} values={filter} onChange={setSearch} />
        <PagedTable
          what="the changes"
          caption={`Changes of run ${run}${filtered === undefined ? '' : `, ${filtered}`}`}
          columns={columnsOf(program.program, program.currency)}
          pages={pages}
          rowKey={({ creatorId }) => creatorId}
          order={order ?? 'creator'}
          onOrder={(next) => setSearch({ order: next === 'creator' ? undefined : next })}
          empty={filtered === undefined ? 'Nobody is in either run.' : `Nobody is there for ${filtered}.`}
        />
      </div>
    </Page>
  );
}

function columnsOf(program: string, currency: string): TableColumn<ChangedPayout>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      isSortable: true,
      width: 1.4,
      cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
    },
    { id: 'kind', header: 'What changed', width: 1.4, cell: ({ kind }) => KIND_NAMES[kind] },
    { id: 'before', header: `Before (${currency})`, isNumeric: true, cell: ({ before }) => <Amount value={before} /> },
    { id: 'now', header: 'Now', isNumeric: true, cell: ({ now }) => <Amount value={now} /> },
    {
      id: 'difference',
      header: 'Difference',
      isNumeric: true,
      isSortable: true,
      cell: ({ difference }) => <Amount value={difference} isChange />,
    },
  ];
}
