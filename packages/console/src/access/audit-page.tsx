import { type AuditOut, auditOutSchema } from '@rewardbook/contracts/api/access/audit-log';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePages } from '../api/pages.ts';
import { Nothing } from '../blocks/amount.tsx';
import { Badge } from '../blocks/badge.tsx';
import { Instant } from '../blocks/instant.tsx';
import { ListFiles } from '../blocks/list-files.tsx';
import { describeFilter, type FilterField, ListFilter } from '../blocks/list-filter.tsx';
import { Name } from '../blocks/name.tsx';
import { sortQuery, type TableColumn } from '../blocks/table/column.ts';
import { PagedTable } from '../blocks/table/paged-table.tsx';
import { groupCount } from '../format/counts.ts';
import { Page } from '../shell/page.tsx';
import { auditSearchSchema } from './audit-search.ts';

const AUDIT = '/all-programs/audit-log';
const FILTERS: readonly FilterField<'program' | 'key' | 'action' | 'outcome' | 'since' | 'until'>[] = [
  {
    name: 'outcome',
    label: 'Answer',
    options: [
      { value: '', text: 'Any answer' },
      { value: 'done', text: 'Done' },
      { value: 'refused', text: 'Refused' },
      { value: 'failed', text: 'Failed' },
      { value: 'open', text: 'None yet' },
    ],
  },
  { name: 'key', label: 'Key' },
  { name: 'action', label: 'Request has', hint: 'As POST or payout-runs' },
  { name: 'program', label: 'Program' },
  { name: 'since', label: 'Since (UTC)', type: 'date' },
  { name: 'until', label: 'Before (UTC)', type: 'date' },
];
const NEWEST_FIRST = '-id';

/** Every request that changed something or tried to, of all services. */
export function AuditPage() {
  const { order, ...filter } = useSearch({ from: AUDIT });
  const navigate = useNavigate({ from: '/audit-log' });
  const { since, until, ...rest } = filter;
  const shown = order ?? NEWEST_FIRST;
  const startOf = (date: string | undefined): string | undefined =>
    date === undefined ? undefined : `${date}T00:00:00Z`;
  const call = {
    service: 'ledger',
    path: '/v1/audit-log',
    query: { ...rest, since: startOf(since), until: startOf(until), order: sortQuery(shown, ['id']).order },
  } as const;
  const pages = usePages(call, auditOutSchema);
  const filtered = describeFilter(FILTERS, filter);
  const setSearch = (part: Readonly<Record<string, string | undefined>>): void =>
    void navigate({ search: (before) => auditSearchSchema.parse({ ...before, ...part }), replace: true });
  return (
    <Page
      title="Audit log"
      lead="Every request that changed something or tried to, the newest first. It is written before the change is made."
      actions={<ListFiles what={filtered === undefined ? 'the audit log' : `these requests (${filtered})`} of={call} />}
    >
      <div className="section">
        <ListFilter fields={FILTERS} values={filter} onChange={setSearch} />
        <PagedTable
          what="the audit log"
          caption={`Audit log${filtered === undefined ? '' : `, ${filtered}`}`}
          columns={COLUMNS}
          pages={pages}
          rowKey={({ auditId }) => String(auditId)}
          order={shown}
          onOrder={(next) => setSearch({ order: next === NEWEST_FIRST ? undefined : next })}
          empty={
            filtered === undefined ? 'No request has changed anything yet.' : `No request is there for ${filtered}.`
          }
        />
      </div>
    </Page>
  );
}

const COLUMNS: readonly TableColumn<AuditOut>[] = [
  {
    id: 'id',
    header: 'No.',
    isNumeric: true,
    isSortable: true,
    width: 0.5,
    cell: ({ auditId }) => groupCount(auditId),
  },
  { id: 'at', header: 'At', width: 1.5, cell: ({ at }) => <Instant at={at} /> },
  { id: 'key', header: 'Key', cell: ({ keyName }) => <Name>{keyName}</Name> },
  {
    id: 'request',
    header: 'Request',
    isRowHeader: true,
    width: 2.4,
    cell: ({ method, route }) => (
      <code>
        {method} {route}
      </code>
    ),
  },
  { id: 'program', header: 'Program', cell: ({ program }) => program ?? <Nothing /> },
  { id: 'status', header: 'Answer', width: 0.8, cell: ({ status }) => <Answer status={status} /> },
  {
    id: 'summary',
    header: 'What of it',
    width: 2,
    cell: ({ summary }) =>
      Object.keys(summary).length === 0 ? <Nothing /> : <bdi className="small">{describeSummary(summary)}</bdi>,
  },
];

function Answer({ status }: { readonly status: number | null }) {
  if (status === null) {
    return <Badge tone="warn">none yet</Badge>;
  }
  return <Badge tone={status < 300 ? 'good' : status < 500 ? 'quiet' : 'bad'}>{status}</Badge>;
}

function describeSummary(summary: Readonly<Record<string, unknown>>): string {
  return Object.entries(summary)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
