import { Fact, Facts, Figure, FigureRow } from '../../blocks/figures.tsx';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import type { RunCounts } from './worker/run-record.ts';

const REFUSED_SHOWN = 100;

/** What became of the events that were sent. */
export function RunFigures({ counts }: { readonly counts: RunCounts }) {
  const { sent, accepted, duplicates, conflicts, rejected, retries, requests, seconds, eventsPerSecond } = counts;
  const again = retries === 0 ? '' : `, ${groupCount(retries)} of them sent again`;
  const inWords = `${counted(requests, 'request')}${again}`;
  return (
    <FigureRow>
      <Figure label="Sent" note={`${groupCount(eventsPerSecond)} a second over ${seconds.toFixed(1)} s, in ${inWords}`}>
        {groupCount(sent)}
      </Figure>
      <Figure label="Accepted">{groupCount(accepted)}</Figure>
      <Figure label="Duplicates">{groupCount(duplicates)}</Figure>
      <Figure label="Conflicts">{groupCount(conflicts)}</Figure>
      <Figure label="Rejected">{groupCount(rejected)}</Figure>
    </FigureRow>
  );
}

/** What was done on purpose: none of it is among the figures above. */
export function OnPurpose({ of }: { readonly of: NonNullable<RunCounts['onPurpose']> }) {
  const { seed, dropped, late, faults, garbageLines, unnoticed } = of;
  const requests = Object.entries(faults).map(([kind, count]) => `${kind} ${groupCount(count)}`);
  const missed = Object.entries(unnoticed).map(([kind, count]) => `${kind} ${groupCount(count)} times`);
  return (
    <Facts>
      <Fact label="Seed">{seed}</Fact>
      <Fact label="Left out">{groupCount(dropped)} events</Fact>
      <Fact label="Sent late">{groupCount(late)} events</Fact>
      <Fact label="Requests with faults">{requests.length === 0 ? 'none' : requests.join(', ')}</Fact>
      <Fact label="Garbage">{groupCount(garbageLines)} lines</Fact>
      <Fact label="Taken though it has to be refused">{missed.length === 0 ? 'nothing' : missed.join(', ')}</Fact>
    </Facts>
  );
}

/** The first events that the service refused. */
export function RefusedLines({ refused }: Pick<RunCounts, 'refused'>) {
  return (
    <DataTable
      caption="Refused events, the first of them"
      columns={[
        { id: 'line', header: 'Line', isNumeric: true, isRowHeader: true, cell: ({ line }) => groupCount(line) },
        { id: 'id', header: 'Id', cell: ({ id }) => (id === null ? '' : <bdi>{id}</bdi>) },
        { id: 'code', header: 'Code', cell: ({ code }) => code },
        { id: 'message', header: 'Why', cell: ({ message }) => <bdi>{message}</bdi> },
      ]}
      rows={refused.slice(0, REFUSED_SHOWN).map((one, place) => ({ ...one, place }))}
      rowKey={({ place }) => String(place)}
      empty={null}
    />
  );
}
