import { type BatchOut, batchOutSchema } from '@rewardbook/contracts/api/ingest/batches';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { programStep } from '../../books/program-trail.tsx';
import { useProgram } from '../../books/use-program.ts';
import { groupCount } from '../../format/counts.ts';
import { Page } from '../../shell/page.tsx';

/** What arrives for a program, and what becomes of it. */
export function LivePage() {
  const { program, ...rest } = useProgram();
  const batches = usePages({ service: 'events', path: path`/v1/programs/${program}/batches` }, batchOutSchema);
  return (
    <Page trail={[programStep({ program, ...rest })]} title="Live" lead="What arrives, and what becomes of it.">
      <Section title="Batches">
        <PagedTable
          what="the batches"
          caption="Batches"
          columns={columnsOf(rest.timeZone)}
          pages={batches}
          rowKey={({ batchId }) => batchId}
          empty="No event has arrived yet."
        />
      </Section>
    </Page>
  );
}

function columnsOf(timeZone: string): TableColumn<BatchOut>[] {
  return [
    { id: 'batch', header: 'Batch', isRowHeader: true, cell: ({ batchId }) => batchId },
    { id: 'received', header: 'Received', cell: ({ receivedAt }) => <Instant at={receivedAt} timeZone={timeZone} /> },
    { id: 'accepted', header: 'Accepted', isNumeric: true, cell: ({ accepted }) => groupCount(accepted) },
    { id: 'duplicates', header: 'Duplicates', isNumeric: true, cell: ({ duplicates }) => groupCount(duplicates) },
    { id: 'conflicts', header: 'Conflicts', isNumeric: true, cell: ({ conflicts }) => groupCount(conflicts) },
    {
      id: 'tallied',
      header: 'Tallied',
      cell: ({ talliedAt }) => (talliedAt === null ? <Nothing /> : <Instant at={talliedAt} timeZone={timeZone} />),
    },
  ];
}
