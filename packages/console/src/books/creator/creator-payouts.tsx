import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { PayoutRow } from '@rewardbook/contracts/api/reports';
import { encodePathPart } from '@rewardbook/contracts/values/path-part';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { addressOf, path } from '../../api/client.ts';
import { Amount, Figures, Nothing } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { RunLink } from '../links.tsx';
import { payoutRowsQuery } from '../queries.ts';

/** Runs that have the creator, and what one would pay of closes that none has. */
export function CreatorPayouts({ program, creator }: { readonly program: ProgramOut; readonly creator: string }) {
  const rows = useQuery(payoutRowsQuery(program.program, { creator }));
  return (
    <Section title="Payouts">
      <Reading of={rows} what="the payouts" />
      {rows.data === undefined ? null : (
        <DataTable
          caption={`Payouts of ${creator}`}
          columns={columnsOf(program, creator)}
          rows={rows.data}
          rowKey={(row) => `${row.run_id} ${row.period}`}
          empty="No close has given this creator anything yet."
        />
      )}
    </Section>
  );
}

function columnsOf({ program, currency }: ProgramOut, creator: string): TableColumn<PayoutRow>[] {
  return [
    { id: 'period', header: 'Latest close', isRowHeader: true, cell: ({ period }) => period },
    {
      id: 'run',
      header: 'Run',
      cell: ({ run_id }) => (run_id === null ? <Nothing /> : <RunLink program={program} run={run_id} />),
    },
    {
      id: 'status',
      header: 'Status',
      cell: ({ status, status_reason }) => (
        <>
          <StatusBadge status={status} />
          {status_reason === null ? null : (
            <span className="small quiet">
              {' '}
              <bdi>{status_reason}</bdi>
            </span>
          )}
        </>
      ),
    },
    { id: 'likes', header: 'Net likes', isNumeric: true, cell: ({ likes }) => groupCount(likes) },
    { id: 'follows', header: 'Net follows', isNumeric: true, cell: ({ follows }) => groupCount(follows) },
    { id: 'points', header: 'Points', isNumeric: true, cell: ({ points }) => <Figures value={points} /> },
    {
      id: 'allocated',
      header: `Allocated (${currency})`,
      isNumeric: true,
      cell: ({ allocated }) => <Amount value={allocated} />,
    },
    { id: 'tax', header: 'Tax', isNumeric: true, cell: ({ withholding }) => <Amount value={withholding} /> },
    { id: 'net', header: 'Net', isNumeric: true, cell: ({ net }) => <Amount value={net} /> },
    {
      id: 'why',
      header: 'Explained',
      cell: ({ period }) => (
        <span className="row">
          <Link to="/books/$program/creators/$creator/why/$period" params={{ program, creator, period }}>
            Why<span className="visually-hidden"> this amount for {period}</span>
          </Link>
          <a
            href={addressOf({
              service: 'ledger',
              path: path`/v1/programs/${program}/periods/${period}/creators/${creator}/proof`,
            })}
            download={`proof-${period}-${encodePathPart(creator)}.json`}
          >
            Proof<span className="visually-hidden"> of payout for {period}</span>
          </a>
        </span>
      ),
    },
  ];
}
