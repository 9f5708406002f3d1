import { type EntryOut, entryOutSchema } from '@rewardbook/contracts/api/journal';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { describeFilter, type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import { ShortHash } from '../../blocks/name.tsx';
import { sortQuery, type TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableDate } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { EntryLink } from '../links.tsx';
import { journalSearchSchema } from '../list-search.ts';
import { programStep } from '../program-trail.tsx';
import { reportFiles } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { PointInTimeForm } from './point-in-time.tsx';

const KINDS = [
  'revenue',
  'close',
  'holdback',
  'release',
  'payout',
  'settlement',
  'payout-return',
  'adjustment',
  'clawback',
  'write-off',
  'unclaimed',
  'reversal',
  'receipt',
  'funding',
  'tax-remittance',
];

const JOURNAL = '/books/$program/journal';
const FILTERS: readonly FilterField<'kind' | 'find' | 'creator' | 'effectiveFrom'>[] = [
  {
    name: 'kind',
    label: 'Kind of entry',
    options: [{ value: '', text: 'All kinds' }, ...KINDS.map((value) => ({ value, text: value }))],
  },
  { name: 'find', label: 'Key or details have' },
  { name: 'creator', label: 'Of creator' },
  { name: 'effectiveFrom', label: 'Effective from', type: 'date' },
];
/** What its own form asks for, here for the words alone. */
const POINT: readonly FilterField<'asOf' | 'effectiveTo'>[] = [
  { name: 'asOf', label: 'Posted until' },
  { name: 'effectiveTo', label: 'Effective until' },
];
const NEWEST_FIRST = '-seq';

/** Every journal entry, the newest first; now, or as it was. */
export function JournalPage() {
  const program = useProgram();
  const { order, ...filter } = useSearch({ from: JOURNAL });
  const navigate = useNavigate({ from: JOURNAL });
  const shown = order ?? NEWEST_FIRST;
  const pages = usePages(
    {
      service: 'ledger',
      path: path`/v1/programs/${program.program}/journal`,
      query: { ...filter, order: sortQuery(shown, ['seq']).order },
    },
    entryOutSchema,
  );
  const columns = useMemo(() => columnsOf(program), [program]);
  const filtered = describeFilter([...FILTERS, ...POINT], filter);
  const { asOf, effectiveTo, ...others } = filter;
  const isPlain = effectiveTo === undefined && describeFilter(FILTERS, others) === undefined;
  const setSearch = (part: Readonly<Record<string, string | undefined>>): void =>
    void navigate({ search: (before) => journalSearchSchema.parse({ ...before, ...part }), replace: true });
  const formats = isPlain ? ['csv', 'xlsx', 'json', 'hledger'] : ['csv', 'xlsx', 'json'];
  return (
    <Page
      trail={[programStep(program)]}
      title="Journal"
      lead="Append-only. Each entry’s hash covers the one before it: a changed, lost or inserted entry breaks the chain."
      actions={
        <Downloads
          what={filtered === undefined ? 'the journal' : `these entries (${filtered})`}
          files={reportFiles(program.program, 'journal', formats, filter)}
        />
      }
    >
      <div className="section">
        <ListFilter fields={FILTERS} values={others} onChange={setSearch} />
        <PointInTimeForm
          key={`${asOf} ${effectiveTo}`}
          value={{ asOf, effective: effectiveTo }}
          verb="Show as it was"
          onChange={({ asOf: until, effective }) => setSearch({ asOf: until, effectiveTo: effective })}
        />
        <PagedTable
          what="the journal"
          caption={`Journal entries${filtered === undefined ? '' : `, ${filtered}`}`}
          columns={columns}
          pages={pages}
          rowKey={({ seq }) => String(seq)}
          order={shown}
          onOrder={(next) => setSearch({ order: next === NEWEST_FIRST ? undefined : next })}
          empty={filtered === undefined ? 'Nothing is posted yet.' : `No entry is there for ${filtered}.`}
          {...(pages.head?.lastSeq === undefined
            ? {}
            : {
                countNote: `of ${groupCount(pages.head.lastSeq)}${asOf === undefined ? '' : ' then'}${filtered === undefined ? '' : ' in all, filtered'}`,
              })}
        />
      </div>
    </Page>
  );
}

function columnsOf({ program, timeZone }: ProgramOut): TableColumn<EntryOut>[] {
  return [
    { id: 'seq', header: 'No.', isNumeric: true, isSortable: true, width: 0.5, cell: ({ seq }) => groupCount(seq) },
    {
      id: 'entry',
      header: 'Entry',
      isRowHeader: true,
      width: 1.6,
      cell: ({ entryKey }) => <EntryLink program={program} entryKey={entryKey} />,
    },
    { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
    { id: 'effective', header: 'Effective', cell: ({ effectiveAt }) => readableDate(effectiveAt) },
    {
      id: 'posted',
      header: 'Posted',
      width: 1.6,
      cell: ({ postedAt }) => <Instant at={postedAt} timeZone={timeZone} />,
    },
    {
      id: 'postings',
      header: 'Postings',
      isNumeric: true,
      width: 0.7,
      cell: ({ postingCount }) => groupCount(postingCount),
    },
    {
      id: 'reverses',
      header: 'Reverses',
      cell: ({ reverses }) => (reverses === null ? <Nothing /> : <EntryLink program={program} entryKey={reverses} />),
    },
    { id: 'hash', header: 'Hash', cell: ({ hash }) => <ShortHash>{hash}</ShortHash> },
  ];
}
