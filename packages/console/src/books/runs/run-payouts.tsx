import { type PayoutOut, payoutOutSchema } from '@rewardbook/contracts/api/payout-runs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Amount, Nothing } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { usePerson } from '../../session/session.ts';
import { CreatorLink } from '../links.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import type { RunProps } from './run-types.ts';

const REASONS: Readonly<Record<string, string>> = {
  'not-above-zero': 'nothing to pay',
  'below-minimum': 'below the minimum',
  incomplete: 'payee or tax country missing',
  'on-hold': 'on hold',
};

const ALL = 'all';
const FILTERS = [
  { value: ALL, text: 'All creators' },
  { value: 'due', text: 'Paid by this run' },
  { value: 'waiting', text: 'Waiting' },
  { value: 'returned', text: 'Came back' },
] as const;

/** Who is in the run, with what they get or why they wait. */
export function RunPayouts({ program, run }: RunProps) {
  const { status } = useSearch({ from: '/books/$program/runs/$run' });
  const navigate = useNavigate({ from: '/books/$program/runs/$run' });
  const person = usePerson();
  const [returning, setReturning] = useState<PayoutOut>();
  const pages = usePages(
    {
      service: 'ledger',
      path: path`/v1/programs/${program.program}/payout-runs/${run.runId}/payouts`,
      query: { status },
    },
    payoutOutSchema,
  );
  const canReturn = person.can('operate') && ['approved', 'exported', 'settled'].includes(run.status);
  const columns = useMemo(
    () => columnsOf(program.program, run.currency, canReturn ? setReturning : undefined),
    [program.program, run.currency, canReturn],
  );
  const chosen = FILTERS.find(({ value }) => value === status);
  return (
    <Section title="Payouts">
      <div className="filters">
        <Choice
          label="Show"
          value={status ?? ALL}
          options={FILTERS}
          onChange={(value) =>
            void navigate({
              search: { status: value === 'due' || value === 'waiting' || value === 'returned' ? value : undefined },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      <PagedTable
        what="the payouts"
        caption={`Payouts of run ${run.runId}${chosen === undefined ? '' : `: ${chosen.text}`}`}
        columns={columns}
        pages={pages}
        rowKey={({ creatorId }) => creatorId}
        empty={
          chosen === undefined ? 'Nobody is in this run.' : `No payout of this run is shown under “${chosen.text}”.`
        }
      />
      <ReturnDialog program={program} run={run} payout={returning} onClose={() => setReturning(undefined)} />
    </Section>
  );
}

function columnsOf(
  program: string,
  currency: string,
  onReturn: ((payout: PayoutOut) => void) | undefined,
): TableColumn<PayoutOut>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      width: 1.4,
      cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
    },
    {
      id: 'status',
      header: 'Status',
      width: 1.7,
      cell: ({ status, reason }) => (
        <>
          <StatusBadge status={status} />
          {reason === null ? null : <span className="small quiet"> {REASONS[reason] ?? <bdi>{reason}</bdi>}</span>}
        </>
      ),
    },
    {
      id: 'available',
      header: `Available (${currency})`,
      isNumeric: true,
      width: 1.2,
      cell: ({ available }) => <Amount value={available} />,
    },
    { id: 'gross', header: 'Gross', isNumeric: true, width: 1.2, cell: ({ gross }) => <Amount value={gross} /> },
    { id: 'tax', header: 'Tax', isNumeric: true, cell: ({ withheld }) => <Amount value={withheld} /> },
    { id: 'net', header: 'Net', isNumeric: true, width: 1.2, cell: ({ net }) => <Amount value={net} /> },
    {
      id: 'country',
      header: 'Taxed in',
      width: 0.6,
      cell: ({ taxCountry }) => taxCountry ?? <Nothing />,
    },
    ...(onReturn === undefined
      ? []
      : [
          {
            id: 'return',
            header: 'Came back?',
            width: 0.8,
            cell: (payout: PayoutOut) =>
              payout.payoutId === null || payout.status === 'returned' ? (
                <Nothing />
              ) : (
                <Button isSmall onPress={() => onReturn(payout)} label={`The payout of ${payout.creatorId} came back`}>
                  Return
                </Button>
              ),
          },
        ]),
  ];
}
