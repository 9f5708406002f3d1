import type { EventOut } from '@rewardbook/contracts/api/ingest/events';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { Nothing } from '../../blocks/amount.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { CreatorLink } from '../../books/links.tsx';

export function eventColumns({ program, timeZone }: ProgramOut): TableColumn<EventOut>[] {
  return [
    { id: 'id', header: 'Event', isRowHeader: true, width: 1.5, cell: ({ id }) => <Name>{id}</Name> },
    { id: 'type', header: 'Type', width: 0.6, cell: ({ type }) => type },
    { id: 'viewer', header: 'Viewer', cell: ({ viewerId }) => <Name>{viewerId}</Name> },
    {
      id: 'creator',
      header: 'Creator',
      cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
    },
    {
      id: 'content',
      header: 'Content',
      cell: ({ contentId }) => (contentId === undefined ? <Nothing /> : <Name>{contentId}</Name>),
    },
    {
      id: 'occurred',
      header: 'Happened',
      width: 1.6,
      cell: ({ occurredAt }) => <Instant at={occurredAt} timeZone={timeZone} />,
    },
    { id: 'source', header: 'Source', width: 0.7, cell: ({ source }) => <Name>{source}</Name> },
  ];
}
