import { type AccountOut, trialBalanceSchema } from '@rewardbook/contracts/api/accounts';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { askJson, path } from '../../api/client.ts';
import { Amount, Balance } from '../../blocks/amount.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Notice, Reading } from '../../blocks/notice.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { Page } from '../../shell/page.tsx';
import { AccountLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { reportFiles } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { PointInTimeForm } from './point-in-time.tsx';

const PAGE_SIZE = 200;

/** Every account with its debits and credits; the totals are equal. */
export function BalancesPage() {
  const program = useProgram();
  const { asOf, effective } = useSearch({ from: '/books/$program/balances' });
  const navigate = useNavigate({ from: '/books/$program/balances' });
  const balance = useInfiniteQuery({
    queryKey: ['ledger', 'trial-balance', program.program, asOf, effective],
    queryFn: ({ pageParam, signal }) =>
      askJson(
        {
          service: 'ledger',
          path: path`/v1/programs/${program.program}/trial-balance`,
          query: { asOf, effective, limit: PAGE_SIZE, cursor: pageParam },
          signal,
        },
        trialBalanceSchema,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const columns = useMemo(() => columnsOf(program), [program]);
  const head = balance.data?.pages[0];
  return (
    <Page
      trail={[programStep(program)]}
      title="Trial balance"
      lead="The platform’s accounts by code, then creators’ by id. Now, or as it was."
      actions={
        <Downloads
          what="the trial balance"
          files={reportFiles(program.program, 'trial-balance', ['csv', 'xlsx', 'json'], { asOf, effective })}
        />
      }
    >
      <div className="section">
        <PointInTimeForm
          key={`${asOf} ${effective}`}
          value={{ asOf, effective }}
          onChange={(value) => void navigate({ search: value })}
        />
        <Reading of={balance} what="the trial balance" />
        {head === undefined ? null : (
          <>
            <Equality currency={program.currency} debit={head.totalDebit} credit={head.totalCredit} />
            <DataTable
              caption={`Trial balance of ${program.name}`}
              columns={columns}
              rows={balance.data?.pages.flatMap(({ items }) => items) ?? []}
              rowKey={({ account }) => account}
              empty="No account has a movement at this point in time."
              hasMore={balance.hasNextPage}
              isLoadingMore={balance.isFetchingNextPage}
              onMore={() => void balance.fetchNextPage()}
              foot={
                <tr>
                  <th scope="row">All accounts</th>
                  <td className="end">
                    <Amount value={head.totalDebit} />
                  </td>
                  <td className="end">
                    <Amount value={head.totalCredit} />
                  </td>
                  <td />
                </tr>
              }
            />
          </>
        )}
      </div>
    </Page>
  );
}

function Equality({
  currency,
  debit,
  credit,
}: {
  readonly currency: string;
  readonly debit: string;
  readonly credit: string;
}) {
  return debit === credit ? (
    <Notice tone="good" title="Debits and credits are equal">
      <Amount value={debit} currency={currency} /> on each side, over all accounts.
    </Notice>
  ) : (
    <Notice tone="bad" title="Debits and credits differ">
      <Amount value={debit} currency={currency} /> against <Amount value={credit} currency={currency} />. Run the checks
      under Integrity.
    </Notice>
  );
}

function columnsOf({ program, currency }: ProgramOut): TableColumn<AccountOut>[] {
  return [
    {
      id: 'account',
      header: 'Account',
      isRowHeader: true,
      width: 1.8,
      cell: ({ account }) => <AccountLink program={program} account={account} />,
    },
    { id: 'debit', header: `Debit (${currency})`, isNumeric: true, cell: ({ debit }) => <Amount value={debit} /> },
    { id: 'credit', header: `Credit (${currency})`, isNumeric: true, cell: ({ credit }) => <Amount value={credit} /> },
    {
      id: 'balance',
      header: 'Balance',
      isNumeric: true,
      cell: ({ balance }) => <Balance value={balance} />,
    },
  ];
}
