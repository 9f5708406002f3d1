import { ALLOCATION_SORTS, allocationTotalsSchema } from '@rewardbook/contracts/api/allocations';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { type AllocationOut, allocationOutSchema } from '@rewardbook/contracts/api/result';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { path } from '../../api/client.ts';
import { usePages, wholeOf } from '../../api/pages.ts';
import { Amount, Figures } from '../../blocks/amount.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { describeFilter, type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import { Section } from '../../blocks/section.tsx';
import { sortQuery, type TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { TotalsRow } from '../../blocks/table/totals-row.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { periodSearchSchema } from '../list-search.ts';
import { reportFiles } from '../queries.ts';
import { allocationColumns } from './allocation-columns.tsx';

const PERIOD = '/books/$program/periods/$period';
const FROM_THE_LARGEST = '-amount';
const FILTERS: readonly FilterField<'only' | 'find' | 'amountFrom' | 'amountTo'>[] = [
  {
    name: 'only',
    label: 'Show',
    options: [
      { value: '', text: 'All creators' },
      { value: 'paid', text: 'Given an amount' },
      { value: 'unpaid', text: 'Given nothing' },
      { value: 'void', text: 'Points used up for nothing' },
      { value: 'carried', text: 'Points carried on' },
    ],
  },
  { name: 'find', label: 'Find a creator' },
  { name: 'amountFrom', label: 'Amount from' },
  { name: 'amountTo', label: 'Amount up to' },
];
const JUMP: readonly FilterField<'from'>[] = [{ name: 'from', label: 'Go to creator' }];

/** Whom a close gave what: any number of creators, a page at a time. */
export function Allocations({ program, period }: { readonly program: ProgramOut; readonly period: string }) {
  const { order, from, dryRun: _dryRun, ...filter } = useSearch({ from: PERIOD });
  const navigate = useNavigate({ from: PERIOD });
  const slug = program.program;
  const place = path`/v1/programs/${slug}/periods/${period}/allocations`;
  // A start is one in the list by creator.
  const shown = order ?? (from === undefined ? FROM_THE_LARGEST : 'creator');
  const pages = usePages(
    { service: 'ledger', path: place, query: { ...filter, ...sortQuery(shown, ALLOCATION_SORTS), from } },
    allocationOutSchema,
  );
  const totals = useQuery({
    ...wholeOf({ service: 'ledger', path: `${place}/totals`, query: filter }, allocationTotalsSchema),
    enabled: !pages.isPending && !pages.isStale, // rows first: sums of a million take longer
  }).data;
  const columns = useMemo(() => columnsOf(program, period), [program, period]);
  const setSearch = (part: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => periodSearchSchema.parse({ ...before, ...part }),
      replace: true,
      resetScroll: false,
    });
  const filtered = describeFilter(FILTERS, filter);
  return (
    <Section title="Allocations">
      <ListFilter fields={FILTERS} values={filter} onChange={(values) => setSearch({ ...values, from: undefined })} />
      <ListFilter
        fields={JUMP}
        verb="Go"
        values={{ from }}
        onChange={(values) => setSearch({ ...values, order: undefined })}
      />
      <PagedTable
        what="the allocations"
        caption={`Allocations of ${period}${filtered === undefined ? '' : `, ${filtered}`}`}
        columns={columns}
        pages={pages}
        rowKey={({ creatorId }) => creatorId}
        order={shown}
        onOrder={(next) => setSearch({ order: next === FROM_THE_LARGEST ? undefined : next, from: undefined })}
        empty={
          filtered === undefined && from === undefined
            ? 'No creator has points or an amount.'
            : `No allocation is there for ${filtered ?? `creators from “${from}” on`}.`
        }
        {...(totals === undefined
          ? {}
          : {
              countNote: `${from === undefined ? 'of' : 'from there on, of'} ${groupCount(totals.count)}${filtered === undefined ? '' : ' that fit'}`,
              foot: (
                <TotalsRow
                  columns={columns}
                  label={counted(totals.count, 'creator')}
                  sums={{
                    likes: groupCount(totals.netLikes),
                    follows: groupCount(totals.netFollows),
                    points: <Figures value={totals.points} />,
                    amount: <Amount value={totals.amount} />,
                  }}
                />
              ),
            })}
      />
      <Downloads
        what={filtered === undefined ? 'all allocations' : `these allocations (${filtered})`}
        files={reportFiles(slug, 'allocations', ['csv', 'xlsx', 'json'], { period, ...filter })}
      />
    </Section>
  );
}

function columnsOf(program: ProgramOut, period: string): TableColumn<AllocationOut>[] {
  return [
    ...allocationColumns(program),
    {
      id: 'why',
      header: 'Why',
      width: 0.6,
      cell: ({ creatorId }) => (
        <Link
          to="/books/$program/creators/$creator/why/$period"
          params={{ program: program.program, creator: creatorId, period }}
          aria-label={`Why ${creatorId} gets this amount`}
        >
          Why
        </Link>
      ),
    },
  ];
}
