import { DataTable } from '../../blocks/table/data-table.tsx';
import { counted, groupCount } from '../../format/counts.ts';

interface Engagement {
  readonly viewerId: string;
  readonly contentId?: string | null;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly occurredAt: string;
    readonly only?: 'a' | 'b' | null;
  }[];
}

export interface BehindTableProps {
  /** How many engagements there are; the first are given. */
  readonly count: number;
  readonly engagements: readonly Engagement[];
  /** What is said of events that one side alone has. */
  readonly sides: Readonly<Record<'a' | 'b', string>>;
}

/** The engagements behind a difference, an event a row. */
export function BehindTable({ count, engagements, sides }: BehindTableProps) {
  if (engagements.length === 0) {
    return <p>No event of this creator differs: look at other creators, revenue and policies.</p>;
  }
  const rows = engagements.flatMap(({ viewerId, contentId, events }, place) =>
    events.map((event, index) => ({ viewerId, contentId, ...event, key: `${place}-${index}` })),
  );
  return (
    <>
      <h3>
        {counted(count, 'engagement')} behind it
        {count > engagements.length ? `, the first ${groupCount(engagements.length)}` : ''}
      </h3>
      <DataTable
        caption="Events behind the first difference"
        columns={[
          { id: 'viewer', header: 'Viewer', isRowHeader: true, cell: (row) => <bdi>{row.viewerId}</bdi> },
          { id: 'content', header: 'Content', cell: (row) => (row.contentId ? <bdi>{row.contentId}</bdi> : '') },
          { id: 'type', header: 'Type', cell: (row) => row.type },
          { id: 'id', header: 'Event', cell: (row) => <bdi>{row.id}</bdi> },
          { id: 'at', header: 'Occurred at', cell: (row) => row.occurredAt },
          { id: 'only', header: 'Where', cell: (row) => (row.only ? sides[row.only] : 'in both') },
        ]}
        rows={rows}
        rowKey={({ key }) => key}
        empty={null}
      />
    </>
  );
}
