import { type EntryOut, entryOutSchema } from '@rewardbook/contracts/api/journal';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { ShortHash } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableDate } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { EntryLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { reportFiles } from '../queries.ts';
import { useProgram } from '../use-program.ts';

const ALL = 'all';
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

/** Every journal entry, in the order in which they were posted. */
export function JournalPage() {
  const program = useProgram();
  const { kind } = useSearch({ from: '/books/$program/journal' });
  const navigate = useNavigate({ from: '/books/$program/journal' });
  const pages = usePages(
    { service: 'ledger', path: path`/v1/programs/${program.program}/journal`, query: { kind } },
    entryOutSchema,
  );
  const columns = useMemo(() => columnsOf(program), [program]);
  const kinds = kind === undefined || KINDS.includes(kind) ? KINDS : [...KINDS, kind];
  return (
    <Page
      trail={[programStep(program)]}
      title="Journal"
      lead="Append-only. Each entry’s hash covers the one before it: a changed, lost or inserted entry breaks the chain."
      actions={
        <Downloads
          what="the journal"
          files={reportFiles(program.program, 'journal', ['csv', 'xlsx', 'json', 'hledger'], {})}
        />
      }
    >
      <div className="section">
        <div className="filters">
          <Choice
            label="Kind of entry"
            value={kind ?? ALL}
            options={[{ value: ALL, text: 'All kinds' }, ...kinds.map((one) => ({ value: one, text: one }))]}
            onChange={(value) => void navigate({ search: { kind: value === ALL ? undefined : value }, replace: true })}
          />
        </div>
        <PagedTable
          what="the journal"
          caption={kind === undefined ? 'Journal entries' : `Journal entries of kind ${kind}`}
          columns={columns}
          pages={pages}
          rowKey={({ seq }) => String(seq)}
          empty={kind === undefined ? 'Nothing is posted yet.' : `No entry is of kind “${kind}”.`}
        />
      </div>
    </Page>
  );
}

function columnsOf({ program, timeZone }: ProgramOut): TableColumn<EntryOut>[] {
  return [
    { id: 'seq', header: 'No.', isNumeric: true, width: 0.5, cell: ({ seq }) => groupCount(seq) },
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
