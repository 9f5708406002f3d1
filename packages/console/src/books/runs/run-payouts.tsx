import { PAYOUT_SORTS, payoutTotalsSchema } from '@rewardbook/contracts/api/payout-list';
import { type PayoutOut, payoutOutSchema } from '@rewardbook/contracts/api/payout-runs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { path } from '../../api/client.ts';
import { usePages, wholeOf } from '../../api/pages.ts';
import { Amount, Nothing } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { describeFilter, type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import { Section } from '../../blocks/section.tsx';
import { sortQuery, type TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { TotalsRow } from '../../blocks/table/totals-row.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { usePerson } from '../../session/session.ts';
import { CreatorLink } from '../links.tsx';
import { runSearchSchema } from '../list-search.ts';
import { reportFiles } from '../queries.ts';
import { ReturnDialog } from './return-dialog.tsx';
import type { RunProps } from './run-types.ts';

const REASONS: Readonly<Record<string, string>> = {
  'not-above-zero': 'nothing to pay',
  'below-minimum': 'below the minimum',
  incomplete: 'payee or tax country missing',
  'on-hold': 'on hold',
};

const FILTERS: readonly FilterField<'status' | 'reason' | 'find' | 'netFrom' | 'netTo'>[] = [
  {
    name: 'status',
    label: 'Show',
    options: [
      { value: '', text: 'All creators' },
      { value: 'due', text: 'Paid by this run' },
      { value: 'waiting', text: 'Waiting' },
      { value: 'returned', text: 'Came back' },
    ],
  },
  {
    name: 'reason',
    label: 'Waits because',
    options: [{ value: '', text: 'Any reason' }, ...Object.entries(REASONS).map(([value, text]) => ({ value, text }))],
  },
  { name: 'find', label: 'Creator id has' },
  { name: 'netFrom', label: 'Net from' },
  { name: 'netTo', label: 'Net up to' },
];
const JUMP: readonly FilterField<'from'>[] = [{ name: 'from', label: 'Go to creator' }];

const RUN = '/books/$program/runs/$run';

/** Who is in the run, with what they get or why they wait. */
export function RunPayouts({ program, run }: RunProps) {
  const { from, order, ...filter } = useSearch({ from: RUN });
  const navigate = useNavigate({ from: RUN });
  const person = usePerson();
  const [returning, setReturning] = useState<PayoutOut>();
  const place = path`/v1/programs/${program.program}/payout-runs/${run.runId}/payouts`;
  const pages = usePages(
    { service: 'ledger', path: place, query: { ...filter, ...sortQuery(order, PAYOUT_SORTS), from } },
    payoutOutSchema,
  );
  const totals = useQuery({
    ...wholeOf({ service: 'ledger', path: `${place}/totals`, query: filter }, payoutTotalsSchema),
    enabled: !pages.isPending && !pages.isStale, // rows first: sums of a million take longer
  }).data;
  const canReturn = person.can('operate') && ['approved', 'exported', 'settled'].includes(run.status);
  const columns = useMemo(
    () => columnsOf(program.program, run.currency, canReturn ? setReturning : undefined),
    [program.program, run.currency, canReturn],
  );
  const setSearch = (part: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => runSearchSchema.parse({ ...before, ...part }),
      replace: true,
      resetScroll: false,
    });
  const filtered = describeFilter(FILTERS, filter);
  return (
    <Section title="Payouts">
      <ListFilter fields={FILTERS} values={filter} onChange={(values) => setSearch({ ...values, from: undefined })} />
      <ListFilter
        fields={JUMP}
        verb="Go"
        values={{ from }}
        onChange={(values) => setSearch({ ...values, order: order?.includes('creator') === true ? order : undefined })}
      />
      <PagedTable
        what="the payouts"
        caption={`Payouts of run ${run.runId}${filtered === undefined ? '' : `, ${filtered}`}`}
        columns={columns}
        pages={pages}
        rowKey={({ creatorId }) => creatorId}
        order={order ?? 'creator'}
        onOrder={(next) => setSearch({ order: next === 'creator' ? undefined : next, from: undefined })}
        empty={
          filtered === undefined && from === undefined
            ? 'Nobody is in this run.'
            : `No payout of this run is there for ${filtered ?? `creators from “${from}” on`}.`
        }
        {...(totals === undefined
          ? {}
          : {
              countNote: `${from === undefined ? 'of' : 'from there on, of'} ${groupCount(totals.count)}${filtered === undefined ? '' : ' that fit'}`,
              foot: (
                <TotalsRow
                  columns={columns}
                  label={
                    filter.status === undefined && run.waitingCount > 0
                      ? `${counted(totals.count, 'creator')}, with those who wait`
                      : counted(totals.count, 'creator')
                  }
                  sums={{
                    available: <Amount value={totals.available} />,
                    gross: <Amount value={totals.gross} />,
                    tax: <Amount value={totals.withheld} />,
                    net: <Amount value={totals.net} />,
                  }}
                />
              ),
            })}
      />
      <Downloads
        what={filtered === undefined ? 'all payouts of this run' : `these payouts (${filtered})`}
        files={reportFiles(program.program, 'payouts', ['csv', 'xlsx', 'json'], { run: run.runId, ...filter })}
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
      isSortable: true,
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
      isSortable: true,
      width: 1.2,
      cell: ({ available }) => <Amount value={available} />,
    },
    { id: 'gross', header: 'Gross', isNumeric: true, width: 1.2, cell: ({ gross }) => <Amount value={gross} /> },
    { id: 'tax', header: 'Tax', isNumeric: true, cell: ({ withheld }) => <Amount value={withheld} /> },
    {
      id: 'net',
      header: 'Net',
      isNumeric: true,
      isSortable: true,
      width: 1.2,
      cell: ({ net }) => <Amount value={net} />,
    },
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
