import { type RequestOut, requestOutSchema, requestStatusSchema } from '@rewardbook/contracts/api/approvals';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { Page } from '../../shell/page.tsx';
import { describeRequest } from '../describe-request.ts';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { DecideDialog } from './decide-dialog.tsx';

const ALL = 'all';
const PENDING = 'pending';
const OPTIONS = [
  { value: PENDING, text: 'Waiting' },
  { value: ALL, text: 'All' },
  ...requestStatusSchema.options
    .filter((status) => status !== PENDING)
    .map((status) => ({ value: status, text: status })),
];

/** What waits for a second person, and what became of the rest. */
export function ApprovalsPage() {
  const program = useProgram();
  const { status = PENDING } = useSearch({ from: '/books/$program/approvals' });
  const navigate = useNavigate({ from: '/books/$program/approvals' });
  const [open, setOpen] = useState<RequestOut>();
  const pages = usePages(
    {
      service: 'ledger',
      path: path`/v1/programs/${program.program}/approvals`,
      query: { status: status === ALL ? undefined : status },
    },
    requestOutSchema,
  );
  const columns = useMemo(() => columnsOf(program, setOpen), [program]);
  return (
    <Page
      trail={[programStep(program)]}
      title="Approvals"
      lead="What the policy asks a second person for. Payout runs are approved on their own pages."
    >
      <div className="section">
        <div className="filters">
          <Choice
            label="Show"
            value={status}
            options={OPTIONS}
            onChange={(value) => {
              const next = value === ALL ? ALL : requestStatusSchema.parse(value);
              void navigate({ search: { status: next === PENDING ? undefined : next }, replace: true });
            }}
          />
        </div>
        <PagedTable
          what="the requests"
          caption={`Requests for a second person: ${status}`}
          columns={columns}
          pages={pages}
          rowKey={({ request }) => String(request)}
          empty={
            status === PENDING
              ? 'Nothing waits for a second person.'
              : `No request is ${status === ALL ? 'there yet' : status}.`
          }
        />
      </div>
      <DecideDialog program={program} request={open} onClose={() => setOpen(undefined)} />
    </Page>
  );
}

function columnsOf(
  { currency, timeZone }: ProgramOut,
  onOpen: (request: RequestOut) => void,
): TableColumn<RequestOut>[] {
  return [
    { id: 'number', header: 'No.', isNumeric: true, width: 0.4, cell: ({ request }) => request },
    {
      id: 'what',
      header: 'What will be done',
      isRowHeader: true,
      width: 2.4,
      cell: (request) => <span dir="auto">{describeRequest(request, currency)}</span>,
    },
    { id: 'status', header: 'Status', width: 0.8, cell: ({ status }) => <StatusBadge status={status} /> },
    { id: 'by', header: 'Asked by', cell: ({ requestedBy }) => <Name>{requestedBy}</Name> },
    {
      id: 'at',
      header: 'Asked',
      width: 1.4,
      cell: ({ requestedAt }) => <Instant at={requestedAt} timeZone={timeZone} />,
    },
    {
      id: 'decided',
      header: 'Decided by',
      cell: ({ decidedBy, status }) =>
        decidedBy === null ? status === 'rejected' ? 'taken back' : <Nothing /> : <Name>{decidedBy}</Name>,
    },
    {
      id: 'open',
      header: 'Details',
      width: 0.8,
      cell: (request) => (
        <Button isSmall onPress={() => onOpen(request)} label={`Open request ${request.request}`}>
          Open
        </Button>
      ),
    },
  ];
}
