import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { RevenueOut } from '@rewardbook/contracts/api/revenue';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Amount, Nothing } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure, Notice, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { readablePeriod } from '../../format/time.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { EntryLink } from '../links.tsx';
import { revenueQuery } from './queries.ts';
import { RevenueDialog } from './revenue-dialog.tsx';

function columnsOf({ program, timeZone }: ProgramOut): TableColumn<RevenueOut>[] {
  return [
    { id: 'reference', header: 'Reference', isRowHeader: true, cell: ({ reference }) => <Name>{reference}</Name> },
    { id: 'amount', header: 'Amount', isNumeric: true, cell: ({ amount }) => <Amount value={amount} /> },
    {
      id: 'corrects',
      header: 'Corrects',
      cell: ({ corrects }) => (corrects === null ? <Nothing /> : <EntryLink program={program} entryKey={corrects} />),
    },
    { id: 'entry', header: 'Entry', cell: ({ entryKey }) => <EntryLink program={program} entryKey={entryKey} /> },
    { id: 'booked', header: 'Booked', cell: ({ bookedAt }) => <Instant at={bookedAt} timeZone={timeZone} /> },
  ];
}

/** What is booked for the period, and a form to book more. */
export function RevenueSection({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  const person = usePerson();
  const [isBooking, setIsBooking] = useState(false);
  const [booked, setBooked] = useState<string>();
  const revenue = useQuery(revenueQuery(program.program, period.period));
  return (
    <Section
      title="Revenue entries"
      aside={
        period.status === 'open' ? (
          <Button
            isSmall
            onPress={() => setIsBooking(true)}
            refusal={person.can('operate') ? undefined : missingRight('operate', person.name)}
          >
            Book revenue
          </Button>
        ) : undefined
      }
    >
      {booked === undefined ? null : <Notice tone="good" title={booked} />}
      {revenue.isError ? (
        <Failure error={revenue.error} what="Could not read the entries" retry={() => void revenue.refetch()} />
      ) : null}
      {revenue.isPending ? <Pending what="revenue entries" /> : null}
      {revenue.data === undefined ? null : (
        <DataTable
          caption={`Revenue booked for ${readablePeriod(period.period)}`}
          columns={columnsOf(program)}
          rows={revenue.data.items}
          rowKey={({ reference }) => reference}
          empty={`No revenue is booked for ${readablePeriod(period.period)}. A close needs some, if only 0.`}
        />
      )}
      <RevenueDialog
        program={program}
        period={period.period}
        isOpen={isBooking}
        onClose={() => setIsBooking(false)}
        onBooked={setBooked}
      />
    </Section>
  );
}
