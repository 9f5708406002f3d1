import { eventOutSchema, eventsTotalsSchema } from '@rewardbook/contracts/api/ingest/events';
import { EVENT_TYPES } from '@rewardbook/domain/events/event';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { askJson, path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { ListFiles } from '../../blocks/list-files.tsx';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import type { LiveViewProps } from './batches-view.tsx';
import { eventColumns } from './event-columns.tsx';
import { NewestFirst, searchedNote } from './newest-first.tsx';
import { SearchForm } from './search-form.tsx';

const ANY = '';

/** Recorded events in the order in which they came. */
export function EventsView({ program, newest, isPaused }: LiveViewProps) {
  const { id, viewer, creator, type, from, until, order } = useSearch({ from: '/replay/$program/' });
  const call = { service: 'events', path: path`/v1/programs/${program.program}/events` } as const;
  const filter = {
    id,
    viewerId: viewer,
    creatorId: creator,
    type,
    occurredFrom: from === undefined ? undefined : `${from}T00:00:00Z`,
    occurredUntil: until === undefined ? undefined : `${until}T00:00:00Z`,
  };
  const query = { ...filter, sort: 'received', order: order === 'oldest' ? 'asc' : 'desc' };
  const pages = usePages({ ...call, query }, eventOutSchema);
  const columns = useMemo(() => eventColumns(program), [program]);
  const isFiltered = Object.values(filter).some((one) => one !== undefined);
  const note = searchedNote(pages, 'events');
  return (
    <>
      <SearchForm fields={['id', 'viewer', 'creator']}>
        <EventChoices />
      </SearchForm>
      <ListFiles what="the events" of={{ ...call, query }} />
      {order === 'oldest' ? null : <NewestFirst pages={pages} newest={newest} isOn={!isPaused} />}
      <Count path={call.path} filter={filter} newest={newest} />
      <PagedTable
        what="the events"
        caption={order === 'oldest' ? 'Events, the oldest first' : 'Events, the newest first'}
        columns={columns}
        pages={pages}
        rowKey={(event) => JSON.stringify([event.id, event.source, event.viewerId])}
        empty={
          isFiltered
            ? `No event is as asked for${pages.searched === null ? '' : `, of the ${groupCount(pages.searched)} that were looked through`}.`
            : 'No event is recorded yet.'
        }
        {...(note === undefined ? {} : { countNote: note })}
      />
      <p className="quiet small">In the order in which they came, but for a few seconds. Days are those of UTC.</p>
    </>
  );
}

function EventChoices() {
  const { type = ANY, from = '', until = '', order } = useSearch({ from: '/replay/$program/' });
  const navigate = useNavigate({ from: '/replay/$program/' });
  return (
    <>
      <Choice
        label="Type"
        value={type}
        options={[{ value: ANY, text: 'All' }, ...EVENT_TYPES.map((one) => ({ value: one, text: one }))]}
        onChange={(value) =>
          void navigate({
            search: (before) => ({ ...before, type: EVENT_TYPES.find((one) => one === value) }),
            replace: true,
          })
        }
      />
      <Field
        label="Happened from"
        type="date"
        value={from}
        onChange={(value) =>
          void navigate({ search: (before) => ({ ...before, from: value || undefined }), replace: true })
        }
      />
      <Field
        label="Happened before"
        type="date"
        value={until}
        onChange={(value) =>
          void navigate({ search: (before) => ({ ...before, until: value || undefined }), replace: true })
        }
      />
      <Choice
        label="Order"
        value={order ?? 'newest'}
        options={[
          { value: 'newest', text: 'Newest first' },
          { value: 'oldest', text: 'Oldest first' },
        ]}
        onChange={(value) =>
          void navigate({
            search: (before) => ({ ...before, order: value === 'oldest' ? ('oldest' as const) : undefined }),
            replace: true,
          })
        }
      />
    </>
  );
}

interface CountProps {
  readonly path: string;
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly newest: string | null | undefined;
}

function Count({ path: list, filter, newest }: CountProps) {
  const totals = useQuery({
    queryKey: ['events', 'events-totals', list, filter, newest],
    queryFn: ({ signal }) =>
      askJson({ service: 'events', path: `${list}/totals`, query: filter, signal }, eventsTotalsSchema),
    placeholderData: (before) => before,
  });
  if (totals.data === undefined) {
    return null;
  }
  const { count, searched, isWhole } = totals.data;
  return (
    <p className="quiet">
      {groupCount(count)} {count === 1 ? 'event' : 'events'}
      {isWhole ? '' : ` among the last ${groupCount(searched ?? count)}`}.
    </p>
  );
}
