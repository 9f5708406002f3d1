import { creatorsCountSchema, creatorsPageSchema } from '@rewardbook/contracts/api/creators';
import { holdOutSchema } from '@rewardbook/contracts/api/holds';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { path } from '../../api/client.ts';
import { usePages, wholeOf } from '../../api/pages.ts';
import { AmountOrDash, Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Field } from '../../blocks/field.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { describeFilter, type FilterField, ListFilter } from '../../blocks/list-filter.tsx';
import { Name } from '../../blocks/name.tsx';
import { Section } from '../../blocks/section.tsx';
import { sortQuery, type TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableDate } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { CreatorLink } from '../links.tsx';
import { creatorsSearchSchema } from '../list-search.ts';
import { programStep } from '../program-trail.tsx';
import { reportFiles } from '../queries.ts';
import { useProgram } from '../use-program.ts';

const creatorSchema = creatorsPageSchema.shape.items.element;
type Creator = z.output<typeof creatorSchema>;
type Hold = z.output<typeof holdOutSchema>;

const CREATORS = '/books/$program/creators';
const FILTERS: readonly FilterField<'find' | 'country' | 'onHold'>[] = [
  { name: 'find', label: 'Id or handle has' },
  { name: 'country', label: 'Country', hint: 'Two letters, as ID' },
  {
    name: 'onHold',
    label: 'Holds',
    options: [
      { value: '', text: 'All creators' },
      { value: 'true', text: 'On hold' },
      { value: 'false', text: 'Not on hold' },
    ],
  },
];
const JUMP: readonly FilterField<'from'>[] = [{ name: 'from', label: 'Go to creator' }];

/** Registered creators, searched and filtered; a jump to one by id; who is on hold. */
export function CreatorsPage() {
  const program = useProgram();
  const holds = usePages({ service: 'ledger', path: path`/v1/programs/${program.program}/holds` }, holdOutSchema);
  return (
    <Page
      trail={[programStep(program)]}
      title="Creators"
      actions={
        <Link to="/books/$program/import-creators" params={{ program: program.program }}>
          Import creators
        </Link>
      }
      lead="Who is registered. A creator who is not registered can earn too: open one by id."
    >
      <OpenCreator program={program.program} />
      {holds.rows.length === 0 && holds.error === null ? null : (
        <Section title="On hold">
          <PagedTable
            what="the holds"
            caption="Holds in force: these creators are not paid"
            columns={holdColumns(program)}
            pages={holds}
            rowKey={({ number }) => String(number)}
            empty="Nobody is on hold."
          />
        </Section>
      )}
      <Registered program={program} />
    </Page>
  );
}

function Registered({ program }: { readonly program: ProgramOut }) {
  const { order, from, ...filter } = useSearch({ from: CREATORS });
  const navigate = useNavigate({ from: CREATORS });
  const slug = program.program;
  const place = path`/v1/programs/${slug}/creators`;
  const pages = usePages(
    {
      service: 'ledger',
      path: place,
      query: { ...filter, order: sortQuery(order, ['creator']).order, from, balances: true },
    },
    creatorSchema,
  );
  const count = useQuery(
    wholeOf({ service: 'ledger', path: `${place}/count`, query: filter }, creatorsCountSchema),
  ).data;
  const setSearch = (part: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => creatorsSearchSchema.parse({ ...before, ...part }),
      replace: true,
      resetScroll: false,
    });
  const filtered = describeFilter(FILTERS, filter);
  return (
    <Section title="Registered">
      <ListFilter
        fields={FILTERS}
        values={filter}
        onChange={(values) => setSearch({ ...values, country: values.country?.toUpperCase(), from: undefined })}
      />
      <ListFilter fields={JUMP} verb="Go" values={{ from }} onChange={setSearch} />
      <PagedTable
        what="the creators"
        caption={`Registered creators of ${program.name}${filtered === undefined ? '' : `, ${filtered}`}`}
        columns={creatorColumns(program)}
        pages={pages}
        rowKey={({ creatorId }) => creatorId}
        order={order ?? 'creator'}
        onOrder={(next) => setSearch({ order: next === 'creator' ? undefined : next })}
        empty={
          filtered !== undefined || from !== undefined ? (
            `No creator is there for ${filtered ?? `ids from “${from}” on`}.`
          ) : (
            <>
              No creator is registered.{' '}
              <Link to="/books/$program/import-creators" params={{ program: slug }}>
                Import some
              </Link>
              .
            </>
          )
        }
        {...(count === undefined ? {} : { countNote: describeCount(count, filtered !== undefined) })}
      />
      <Downloads
        what={filtered === undefined ? 'all registered creators' : `these creators (${filtered})`}
        files={reportFiles(slug, 'creators', ['csv', 'xlsx', 'json'], filter)}
      />
    </Section>
  );
}

function describeCount(
  { count, searched, isExact }: z.output<typeof creatorsCountSchema>,
  isFiltered: boolean,
): string {
  if (isExact) {
    return `of ${groupCount(count)}${isFiltered ? ' that fit' : ''}`;
  }
  return isFiltered
    ? `of at least ${groupCount(count)} that fit: the first ${groupCount(searched)} were counted`
    : `of more than ${groupCount(searched - 1)}`;
}

function OpenCreator({ program }: { readonly program: string }) {
  const [id, setId] = useState('');
  const navigate = useNavigate();
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (id !== '') {
          void navigate({ to: '/books/$program/creators/$creator', params: { program, creator: id } });
        }
      }}
    >
      <Field label="Creator id" type="search" value={id} onChange={setId} />
      <Button type="submit">Open</Button>
    </form>
  );
}

function creatorColumns({ program, currency }: ProgramOut): TableColumn<Creator>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      isSortable: true,
      width: 1.5,
      cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
    },
    {
      id: 'handle',
      header: 'Handle',
      width: 1.6,
      cell: ({ handle }) => (handle === null ? <Nothing /> : <Name>{handle}</Name>),
    },
    { id: 'country', header: 'Country', width: 0.7, cell: ({ country }) => country ?? <Nothing /> },
    {
      id: 'joined',
      header: 'Joined',
      cell: ({ joinedOn }) => (joinedOn === null ? <Nothing /> : readableDate(joinedOn)),
    },
    {
      id: 'followers',
      header: 'Followers on joining',
      isNumeric: true,
      width: 1.3,
      cell: ({ followers }) => groupCount(followers),
    },
    { id: 'tax', header: 'Taxed in', width: 0.7, cell: ({ taxCountry }) => taxCountry ?? <Nothing /> },
    {
      id: 'payable',
      header: `Payable (${currency})`,
      isNumeric: true,
      width: 1.5,
      cell: ({ payable, onHold }) => (
        <>
          {onHold === true ? <Badge tone="warn">on hold</Badge> : null} <AmountOrDash value={payable ?? null} />
        </>
      ),
    },
  ];
}

function holdColumns({ program, timeZone }: ProgramOut): TableColumn<Hold>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
    },
    { id: 'reason', header: 'Reason', cell: ({ reason }) => reason },
    { id: 'note', header: 'Note', cell: ({ note }) => (note === null ? <Nothing /> : <Name>{note}</Name>) },
    { id: 'actor', header: 'Placed by', cell: ({ actor }) => <Name>{actor}</Name> },
    { id: 'at', header: 'Since', cell: ({ at }) => <Instant at={at} timeZone={timeZone} /> },
  ];
}
