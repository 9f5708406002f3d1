import { accountDetailSchema } from '@rewardbook/contracts/api/accounts';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { z } from 'zod';
import { askJson, path } from '../../api/client.ts';
import { Amount, Balance } from '../../blocks/amount.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Name } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableDate } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { EntryLink, readableAccount } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { debitAndCredit } from './debit-and-credit.tsx';
import { PointInTimeForm } from './point-in-time.tsx';

type Movement = z.output<typeof accountDetailSchema>['movements']['items'][number];

const PAGE_SIZE = 200;

/** An account with every movement and the balance after each. */
export function AccountPage() {
  const program = useProgram();
  const { account } = useParams({ from: '/books/$program/balances/$account' });
  const { asOf, effective } = useSearch({ from: '/books/$program/balances/$account' });
  const navigate = useNavigate({ from: '/books/$program/balances/$account' });
  const detail = useInfiniteQuery({
    queryKey: ['ledger', 'account', program.program, account, asOf, effective],
    queryFn: ({ pageParam, signal }) =>
      askJson(
        {
          service: 'ledger',
          path: path`/v1/programs/${program.program}/accounts/${account}`,
          query: { asOf, effective, limit: PAGE_SIZE, cursor: pageParam },
          signal,
        },
        accountDetailSchema,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ movements }) => movements.nextCursor ?? undefined,
  });
  const columns = useMemo(() => columnsOf(program), [program]);
  const head = detail.data?.pages[0];
  const title = readableAccount(account);
  return (
    <Page
      trail={[
        programStep(program),
        <Link key="balances" to="/books/$program/balances" params={{ program: program.program }}>
          Trial balance
        </Link>,
      ]}
      title={<Name>{title}</Name>}
      titleText={title}
    >
      <PointInTimeForm
        key={`${asOf} ${effective}`}
        value={{ asOf, effective }}
        onChange={(value) => void navigate({ search: value })}
      />
      <Reading of={detail} what="the account" />
      {head === undefined ? null : (
        <>
          <FigureRow>
            <Figure label="Debits">
              <Amount value={head.debit} currency={head.currency} />
            </Figure>
            <Figure label="Credits">
              <Amount value={head.credit} currency={head.currency} />
            </Figure>
            <Figure label="Balance" note="debits less credits">
              <Balance value={head.balance} currency={head.currency} />
            </Figure>
          </FigureRow>
          <Section title="Movements">
            <DataTable
              caption={`Movements of ${title}`}
              columns={columns}
              rows={detail.data?.pages.flatMap(({ movements }) => movements.items) ?? []}
              rowKey={({ seq, line }) => `${seq} ${line}`}
              empty="There is no movement."
              hasMore={detail.hasNextPage}
              isLoadingMore={detail.isFetchingNextPage}
              onMore={() => void detail.fetchNextPage()}
            />
          </Section>
        </>
      )}
    </Page>
  );
}

function columnsOf({ program, currency }: ProgramOut): TableColumn<Movement>[] {
  return [
    { id: 'seq', header: 'Entry no.', isNumeric: true, width: 0.6, cell: ({ seq }) => groupCount(seq) },
    {
      id: 'entry',
      header: 'Entry',
      isRowHeader: true,
      width: 1.6,
      cell: ({ entryKey }) => <EntryLink program={program} entryKey={entryKey} />,
    },
    { id: 'effective', header: 'Effective', cell: ({ effectiveAt }) => readableDate(effectiveAt) },
    ...debitAndCredit<Movement>(currency),
    { id: 'balance', header: 'Balance', isNumeric: true, cell: ({ balance }) => <Balance value={balance} /> },
  ];
}
