import { type BatchOut, batchOutSchema } from '@rewardbook/contracts/api/ingest/batches';
import { eventOutSchema } from '@rewardbook/contracts/api/ingest/events';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Badge } from '../../blocks/badge.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { ListFiles } from '../../blocks/list-files.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { durationText } from '../../format/durations.ts';
import { eventColumns } from './event-columns.tsx';
import { NewestFirst, searchedNote } from './newest-first.tsx';

const PAGE = 50;
const EVENTS_SHOWN = 10;
const STATES = [
  { value: 'all', text: 'All' },
  { value: 'untallied', text: 'Not yet tallied' },
  { value: 'tallied', text: 'Tallied' },
  { value: 'conflicts', text: 'Failed only: with conflicts' },
] as const;

export interface LiveViewProps {
  readonly program: ProgramOut;
  /** Changes with each new row; undefined while that is not known. */
  readonly newest: string | null | undefined;
  readonly isPaused: boolean;
}

/** Batches as they come, the newest first; each opens to its times and its first events. */
export function BatchesView({ program, newest, isPaused }: LiveViewProps) {
  const { state = 'all' } = useSearch({ from: '/replay/$program/' });
  const navigate = useNavigate({ from: '/replay/$program/' });
  const call = { service: 'events', path: path`/v1/programs/${program.program}/batches` } as const;
  const query = { state, order: 'desc' };
  const pages = usePages({ ...call, query }, batchOutSchema, PAGE);
  const columns = useMemo(() => columnsOf(program.timeZone), [program.timeZone]);
  const note = searchedNote(pages, 'batches');
  return (
    <>
      <div className="filters">
        <Choice
          label="Show"
          value={state}
          options={STATES}
          onChange={(value) =>
            void navigate({
              search: (before) => ({
                ...before,
                state: STATES.find((one) => one.value === value && value !== 'all')?.value as never,
              }),
              replace: true,
            })
          }
        />
        <ListFiles what="the batches" of={{ ...call, query }} />
      </div>
      <NewestFirst pages={pages} newest={newest} isOn={!isPaused} />
      <PagedTable
        what="the batches"
        caption="Batches, the newest first"
        columns={columns}
        pages={pages}
        rowKey={({ batchId }) => batchId}
        empty={
          state === 'all'
            ? 'No event has arrived yet.'
            : `No batch is “${STATES.find((one) => one.value === state)?.text}”.`
        }
        detail={(batch) => <BatchDetail program={program} batch={batch} />}
        {...(note === undefined ? {} : { countNote: note })}
      />
    </>
  );
}

function columnsOf(timeZone: string): TableColumn<BatchOut>[] {
  return [
    { id: 'batch', header: 'Batch', isRowHeader: true, cell: ({ batchId }) => batchId },
    { id: 'received', header: 'Received', cell: ({ receivedAt }) => <Instant at={receivedAt} timeZone={timeZone} /> },
    { id: 'accepted', header: 'Accepted', isNumeric: true, cell: ({ accepted }) => groupCount(accepted) },
    { id: 'duplicates', header: 'Duplicates', isNumeric: true, cell: ({ duplicates }) => groupCount(duplicates) },
    { id: 'conflicts', header: 'Conflicts', isNumeric: true, cell: ({ conflicts }) => groupCount(conflicts) },
    { id: 'tallied', header: 'Estimates', cell: (batch) => <TallyState batch={batch} /> },
  ];
}

function TallyState({ batch: { accepted, sealedAt, talliedAt } }: { readonly batch: BatchOut }) {
  if (accepted === 0) {
    return <Badge tone="quiet">nothing new</Badge>;
  }
  if (talliedAt === null || sealedAt === null) {
    return <Badge tone="warn">waits</Badge>;
  }
  const afterMs = Math.max(0, Date.parse(talliedAt) - Date.parse(sealedAt));
  return <Badge tone="good">tallied after {durationText(afterMs)}</Badge>;
}

function BatchDetail({ program, batch }: { readonly program: ProgramOut; readonly batch: BatchOut }) {
  const { batchId, accepted, receivedAt, sealedAt, talliedAt } = batch;
  const { timeZone } = program;
  const query = { batchId };
  const events = usePages(
    { service: 'events', path: path`/v1/programs/${program.program}/events`, query },
    eventOutSchema,
    EVENTS_SHOWN,
  );
  const columns = useMemo(() => eventColumns(program), [program]);
  return (
    <div className="stack">
      <Facts>
        <Fact label="Received">
          <Instant at={receivedAt} timeZone={timeZone} showsUtc />
        </Fact>
        <Fact label="Seen by the next close from">
          {sealedAt === null ? 'not yet' : <Instant at={sealedAt} timeZone={timeZone} showsUtc />}
        </Fact>
        <Fact label="In the estimates from">
          {talliedAt === null ? 'not yet' : <Instant at={talliedAt} timeZone={timeZone} showsUtc />}
        </Fact>
      </Facts>
      {accepted === 0 ? (
        <p className="quiet">All of its events were recorded before, or were refused.</p>
      ) : (
        <PagedTable
          what="the events of the batch"
          caption={`Events of batch ${batchId}`}
          columns={columns}
          pages={events}
          rowKey={({ id, source, viewerId }) => JSON.stringify([id, source, viewerId])}
          empty="It has no events."
          countNote={`of ${groupCount(accepted)}`}
        />
      )}
    </div>
  );
}
