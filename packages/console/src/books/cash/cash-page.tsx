import type { AccountOut } from '@rewardbook/contracts/api/accounts';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Amount, Balance } from '../../blocks/amount.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { Page } from '../../shell/page.tsx';
import { PointInTimeForm } from '../journal/point-in-time.tsx';
import { AccountLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { BookCash } from './book-cash.tsx';
import { platformAccountsQuery } from './queries.ts';
import { TaxDue } from './tax-due.tsx';

/** The platform's side: what came in, what is due to tax offices, and what its accounts have. */
export function CashPage() {
  const program = useProgram();
  return (
    <Page
      trail={[programStep(program)]}
      title="Cash and tax"
      lead="Money that came in, tax that was withheld, and the platform’s accounts."
      actions={<BookCash program={program} />}
    >
      <TaxDue program={program} />
      <Accounts program={program} />
      <p className="quiet">
        In the journal:{' '}
        {['receipt', 'funding', 'settlement', 'tax-remittance'].map((kind, index) => (
          <span key={kind}>
            {index === 0 ? '' : ', '}
            <Link to="/books/$program/journal" params={{ program: program.program }} search={{ kind }}>
              {kind}
            </Link>
          </span>
        ))}
      </p>
    </Page>
  );
}

function Accounts({ program }: { readonly program: ProgramOut }) {
  const { asOf, effective } = useSearch({ from: '/books/$program/cash' });
  const navigate = useNavigate({ from: '/books/$program/cash' });
  const accounts = useQuery(platformAccountsQuery(program.program, { asOf, effective }));
  return (
    <Section title="The platform’s accounts">
      <PointInTimeForm
        key={`${asOf} ${effective}`}
        value={{ asOf, effective }}
        onChange={(value) => void navigate({ search: value })}
      />
      <Reading of={accounts} what="the accounts" />
      {accounts.data === undefined ? null : (
        <DataTable
          caption={`Accounts of the platform in ${program.name}`}
          columns={columnsOf(program)}
          rows={accounts.data.items}
          rowKey={({ account }) => account}
          empty="None of the platform’s accounts has a movement at this point in time."
        />
      )}
    </Section>
  );
}

function columnsOf({ program, currency }: ProgramOut): TableColumn<AccountOut>[] {
  return [
    {
      id: 'account',
      header: 'Account',
      isRowHeader: true,
      width: 1.6,
      cell: ({ account }) => <AccountLink program={program} account={account} />,
    },
    { id: 'debit', header: `Debit (${currency})`, isNumeric: true, cell: ({ debit }) => <Amount value={debit} /> },
    { id: 'credit', header: `Credit (${currency})`, isNumeric: true, cell: ({ credit }) => <Amount value={credit} /> },
    { id: 'balance', header: 'Balance', isNumeric: true, cell: ({ balance }) => <Balance value={balance} /> },
  ];
}
