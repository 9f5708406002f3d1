import { type AuditOut, auditOutSchema } from '@rewardbook/contracts/api/access/audit-log';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { usePages } from '../api/pages.ts';
import { Nothing } from '../blocks/amount.tsx';
import { Badge } from '../blocks/badge.tsx';
import { Button } from '../blocks/button.tsx';
import { Field } from '../blocks/field.tsx';
import { Instant } from '../blocks/instant.tsx';
import { Name } from '../blocks/name.tsx';
import type { TableColumn } from '../blocks/table/column.ts';
import { PagedTable } from '../blocks/table/paged-table.tsx';
import { groupCount } from '../format/counts.ts';
import { Page } from '../shell/page.tsx';

/** Every request that changed something or tried to, of all services. */
export function AuditPage() {
  const { program, key, since } = useSearch({ from: '/all-programs/audit-log' });
  const pages = usePages(
    {
      service: 'ledger',
      path: '/v1/audit-log',
      query: { program, key, since: since === undefined ? undefined : `${since}T00:00:00Z` },
    },
    auditOutSchema,
  );
  const filters = [
    program === undefined ? '' : `program ${program}`,
    key === undefined ? '' : `key ${key}`,
    since === undefined ? '' : `since ${since}`,
  ].filter(Boolean);
  return (
    <Page
      title="Audit log"
      lead="Every request that changed something or tried to, oldest first. It is written before the change is made."
    >
      <div className="section">
        <Filters key={`${program} ${key} ${since}`} />
        <PagedTable
          what="the audit log"
          caption={`Audit log${filters.length === 0 ? '' : `: ${filters.join(', ')}`}`}
          columns={COLUMNS}
          pages={pages}
          rowKey={({ auditId }) => String(auditId)}
          empty={
            filters.length === 0
              ? 'No request has changed anything yet.'
              : `No request is there for ${filters.join(', ')}.`
          }
        />
      </div>
    </Page>
  );
}

function Filters() {
  const search = useSearch({ from: '/all-programs/audit-log' });
  const navigate = useNavigate({ from: '/audit-log' });
  const [program, setProgram] = useState(search.program ?? '');
  const [key, setKey] = useState(search.key ?? '');
  const [since, setSince] = useState(search.since ?? '');
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const orNone = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
        void navigate({ search: { program: orNone(program), key: orNone(key), since: orNone(since) } });
      }}
    >
      <Field label="Program" value={program} onChange={setProgram} />
      <Field label="Key" value={key} onChange={setKey} />
      <Field label="Since (UTC)" type="date" value={since} onChange={setSince} />
      <Button type="submit">Show</Button>
    </form>
  );
}

const COLUMNS: readonly TableColumn<AuditOut>[] = [
  { id: 'id', header: 'No.', isNumeric: true, width: 0.5, cell: ({ auditId }) => groupCount(auditId) },
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
