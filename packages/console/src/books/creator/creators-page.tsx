import { creatorsPageSchema } from '@rewardbook/contracts/api/creators';
import { holdOutSchema } from '@rewardbook/contracts/api/holds';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Field } from '../../blocks/field.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableDate } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { CreatorLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { useProgram } from '../use-program.ts';

const creatorSchema = creatorsPageSchema.shape.items.element;
type Creator = z.output<typeof creatorSchema>;
type Hold = z.output<typeof holdOutSchema>;

/** Registered creators; a jump to one by id; who is on hold. */
export function CreatorsPage() {
  const program = useProgram();
  const base = path`/v1/programs/${program.program}`;
  const creators = usePages({ service: 'ledger', path: `${base}/creators` }, creatorSchema);
  const holds = usePages({ service: 'ledger', path: `${base}/holds` }, holdOutSchema);
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
      <Section title="Registered">
        <PagedTable
          what="the creators"
          caption={`Registered creators of ${program.name}`}
          columns={creatorColumns(program.program)}
          pages={creators}
          rowKey={({ creatorId }) => creatorId}
          empty={
            <>
              No creator is registered.{' '}
              <Link to="/books/$program/import-creators" params={{ program: program.program }}>
                Import some
              </Link>
              .
            </>
          }
        />
      </Section>
    </Page>
  );
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

function creatorColumns(program: string): TableColumn<Creator>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
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
      cell: ({ followers }) => groupCount(followers),
    },
    { id: 'tax', header: 'Taxed in', width: 0.7, cell: ({ taxCountry }) => taxCountry ?? <Nothing /> },
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
