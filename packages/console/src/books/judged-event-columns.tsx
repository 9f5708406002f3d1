import { Nothing } from '../blocks/amount.tsx';
import { Instant } from '../blocks/instant.tsx';
import { Name } from '../blocks/name.tsx';
import type { TableColumn } from '../blocks/table/column.ts';

/** An event that a close judged. */
interface JudgedEvent {
  readonly id: string;
  readonly type: string;
  readonly viewerId: string;
  readonly contentId: string | null;
  readonly occurredAt: string;
}

/** @param aboutCreators columns that say whose event it is, where a table has those of many */
export function judgedEventColumns<Row extends JudgedEvent>(
  timeZone: string,
  aboutCreators: readonly TableColumn<Row>[] = [],
): TableColumn<Row>[] {
  return [
    { id: 'id', header: 'Event', isRowHeader: true, width: 1.4, cell: ({ id }) => <Name>{id}</Name> },
    { id: 'type', header: 'Type', width: 0.6, cell: ({ type }) => type },
    { id: 'viewer', header: 'Viewer', cell: ({ viewerId }) => <Name>{viewerId}</Name> },
    ...aboutCreators,
    {
      id: 'content',
      header: 'Content',
      cell: ({ contentId }) => (contentId === null ? <Nothing /> : <Name>{contentId}</Name>),
    },
    {
      id: 'at',
      header: 'Occurred',
      width: 1.5,
      cell: ({ occurredAt }) => <Instant at={occurredAt} timeZone={timeZone} />,
    },
  ];
}
