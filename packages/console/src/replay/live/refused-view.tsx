import {
  type RefusedEventOut,
  refusedEventOutSchema,
  refusedEventsTotalsSchema,
} from '@rewardbook/contracts/api/ingest/refused-events';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { askJson, path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { ListFiles } from '../../blocks/list-files.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import type { LiveViewProps } from './batches-view.tsx';
import { NewestFirst, searchedNote } from './newest-first.tsx';
import { SearchForm } from './search-form.tsx';

const PAGE = 50;
const ALL = '';

/** Refused events, the newest first: which line, why, and what was sent. */
export function RefusedView({ program: { program, timeZone }, newest, isPaused }: LiveViewProps) {
  const { code, id, viewer, creator, text } = useSearch({ from: '/replay/$program/' });
  const call = { service: 'events', path: path`/v1/programs/${program}/refused-events` } as const;
  const filter = { code, id, viewerId: viewer, creatorId: creator, search: text };
  const query = { ...filter, order: 'desc' };
  const pages = usePages({ ...call, query }, refusedEventOutSchema, PAGE);
  const columns = useMemo(() => columnsOf(timeZone), [timeZone]);
  const note = searchedNote(pages, 'refused events');
  const sought = [
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(id === undefined ? [] : [`event id “${id}”`]),
    ...(viewer === undefined ? [] : [`viewer “${viewer}”`]),
    ...(creator === undefined ? [] : [`creator “${creator}”`]),
    ...(text === undefined ? [] : [`text “${text}”`]),
  ];
  return (
    <>
      <SearchForm fields={['id', 'viewer', 'creator', 'text']}>
        <CodeChoice program={program} newest={newest} />
      </SearchForm>
      <ListFiles what="the refused events" of={{ ...call, query }} />
      <NewestFirst pages={pages} newest={newest} isOn={!isPaused} />
      <PagedTable
        what="the refused events"
        caption="Refused events, the newest first"
        columns={columns}
        pages={pages}
        rowKey={({ refusal }) => refusal}
        empty={
          <bdi>
            {sought.length === 0 ? 'No event was refused.' : `No refused event is kept with ${sought.join(' and ')}.`}
          </bdi>
        }
        detail={({ event }) => (
          <pre className="payload" dir="auto">
            {event ?? 'Nothing was kept of it.'}
          </pre>
        )}
        {...(note === undefined ? {} : { countNote: note })}
      />
      <p className="quiet small">
        Kept are the first 1,000 conflicts and the first 1,000 rejected events of each request, up to 32 MB a day.
      </p>
    </>
  );
}

function CodeChoice({ program, newest }: { readonly program: string; readonly newest: string | null | undefined }) {
  const { code = ALL } = useSearch({ from: '/replay/$program/' });
  const navigate = useNavigate({ from: '/replay/$program/' });
  const totals = useQuery({
    queryKey: ['events', 'refused-totals', program, newest],
    queryFn: ({ signal }) =>
      askJson(
        { service: 'events', path: path`/v1/programs/${program}/refused-events/totals`, signal },
        refusedEventsTotalsSchema,
      ),
    placeholderData: (before) => before,
  });
  const codes = totals.data?.codes ?? [];
  const known = codes.some((one) => one.code === code) || code === ALL ? codes : [{ code, count: 0 }, ...codes];
  const count =
    totals.data === undefined ? '' : ` (${totals.data.isWhole ? '' : 'last '}${groupCount(totals.data.count)})`;
  return (
    <Choice
      label="Code"
      value={code}
      options={[
        { value: ALL, text: `All${count}` },
        ...known.map((one) => ({ value: one.code, text: `${one.code} (${groupCount(one.count)})` })),
      ]}
      onChange={(value) =>
        void navigate({ search: (before) => ({ ...before, code: value === ALL ? undefined : value }), replace: true })
      }
    />
  );
}

function columnsOf(timeZone: string): TableColumn<RefusedEventOut>[] {
  return [
    { id: 'line', header: 'Line', isNumeric: true, width: 0.5, cell: ({ index }) => groupCount(index + 1) },
    {
      id: 'id',
      header: 'Event',
      isRowHeader: true,
      cell: ({ id }) => (id === null ? <Nothing /> : <Name>{id}</Name>),
    },
    {
      id: 'code',
      header: 'Code',
      cell: ({ code }) => <Badge tone={code === 'conflict' ? 'warn' : 'bad'}>{code}</Badge>,
    },
    { id: 'message', header: 'Why', width: 2.5, cell: ({ message }) => <bdi>{message}</bdi> },
    {
      id: 'received',
      header: 'Received',
      width: 1.6,
      cell: ({ receivedAt }) => <Instant at={receivedAt} timeZone={timeZone} />,
    },
  ];
}
