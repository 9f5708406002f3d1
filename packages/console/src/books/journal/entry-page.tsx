import { entryDetailSchema } from '@rewardbook/contracts/api/journal';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { z } from 'zod';
import { askJson, path } from '../../api/client.ts';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Hash, Name } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableDate } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { AccountLink, EntryLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';
import { debitAndCredit } from './debit-and-credit.tsx';
import { ReverseEntry } from './reverse-entry.tsx';

type Entry = z.output<typeof entryDetailSchema>;
type Posting = z.output<typeof entryDetailSchema>['postings']['items'][number];

const PAGE_SIZE = 500;

/** A journal entry with its postings: an entry may have millions, so they come in pages. */
export function EntryPage() {
  const program = useProgram();
  const { entryKey } = useParams({ from: '/books/$program/journal/$entryKey' });
  const entry = useInfiniteQuery({
    queryKey: ['ledger', 'entry', program.program, entryKey],
    queryFn: ({ pageParam, signal }) =>
      askJson(
        {
          service: 'ledger',
          path: path`/v1/programs/${program.program}/journal/${entryKey}`,
          query: { limit: PAGE_SIZE, cursor: pageParam },
          signal,
        },
        entryDetailSchema,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ postings }) => postings.nextCursor ?? undefined,
  });
  const columns = useMemo(() => columnsOf(program), [program]);
  const head = entry.data?.pages[0];
  return (
    <Page
      trail={[
        programStep(program),
        <Link key="journal" to="/books/$program/journal" params={{ program: program.program }}>
          Journal
        </Link>,
      ]}
      title={<Name>{entryKey}</Name>}
      titleText={entryKey}
      actions={head === undefined ? undefined : <ReverseEntry program={program} entry={head} />}
    >
      <Reading of={entry} what="the entry" />
      {head === undefined ? null : (
        <>
          <EntryFacts program={program} entry={head} />
          <Section title="Postings">
            <DataTable
              caption={`Postings of ${entryKey}`}
              columns={columns}
              rows={entry.data?.pages.flatMap(({ postings }) => postings.items) ?? []}
              rowKey={({ line }) => String(line)}
              empty="This entry has no posting."
              hasMore={entry.hasNextPage}
              isLoadingMore={entry.isFetchingNextPage}
              onMore={() => void entry.fetchNextPage()}
              countNote={`of ${groupCount(head.postingCount)}`}
            />
          </Section>
        </>
      )}
    </Page>
  );
}

function EntryFacts({ program, entry }: { readonly program: ProgramOut; readonly entry: Entry }) {
  return (
    <Facts>
      <Fact label="Number">{groupCount(entry.seq)}</Fact>
      <Fact label="Kind">{entry.kind}</Fact>
      <Fact label="Effective">{readableDate(entry.effectiveAt)}</Fact>
      <Fact label="Posted">
        <Instant at={entry.postedAt} timeZone={program.timeZone} showsUtc />
      </Fact>
      {entry.reverses === null ? null : (
        <Fact label="Reverses">
          <EntryLink program={program.program} entryKey={entry.reverses} />
        </Fact>
      )}
      {entry.reversedBy === null ? null : (
        <Fact label="Reversed by">
          <EntryLink program={program.program} entryKey={entry.reversedBy} />
        </Fact>
      )}
      {Object.entries(entry.details).map(([name, value]) => (
        <Fact key={name} label={name}>
          <Name>{value}</Name>
        </Fact>
      ))}
      <Fact label="Hash">
        <Hash>{entry.hash}</Hash>
      </Fact>
      <Fact label="Hash before it">
        <Hash>{entry.prevHash}</Hash>
      </Fact>
      <Fact label="Hash of its postings">
        <Hash>{entry.postingsHash}</Hash>
      </Fact>
    </Facts>
  );
}

function columnsOf({ program, currency }: ProgramOut): TableColumn<Posting>[] {
  return [
    { id: 'line', header: 'Line', isNumeric: true, width: 0.5, cell: ({ line }) => groupCount(line) },
    {
      id: 'account',
      header: 'Account',
      isRowHeader: true,
      width: 2,
      cell: ({ account }) => <AccountLink program={program} account={account} />,
    },
    ...debitAndCredit<Posting>(currency),
  ];
}
