import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { type VerifyRunOut, verifyRunsPageSchema } from '@rewardbook/contracts/api/verify';
import { useQuery } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';

const RUNS_SHOWN = 20;

/** When the books were checked before, by whom, and with what result. @param newest read again when it changes */
export function PastRuns({ program, newest }: { readonly program: ProgramOut; readonly newest: string }) {
  const runs = useQuery({
    queryKey: ['ledger', 'verify-runs', program.program, newest],
    queryFn: ({ signal }) =>
      askJson(
        {
          service: 'ledger',
          path: path`/v1/programs/${program.program}/verify-runs`,
          query: { limit: RUNS_SHOWN },
          signal,
        },
        verifyRunsPageSchema,
      ),
    placeholderData: (before) => before,
  });
  return (
    <Section title="When they were run">
      <Reading of={runs} what="the checks before" />
      {runs.data === undefined ? null : (
        <DataTable
          caption={`The last ${RUNS_SHOWN} checks of the books`}
          columns={columnsOf(program.timeZone)}
          rows={runs.data.items}
          rowKey={({ run }) => String(run)}
          empty="The books were not checked yet."
        />
      )}
    </Section>
  );
}

function columnsOf(timeZone: string): TableColumn<VerifyRunOut>[] {
  return [
    { id: 'run', header: 'No.', isNumeric: true, isRowHeader: true, cell: ({ run }) => groupCount(run) },
    { id: 'result', header: 'Result', cell: (run) => <Result {...run} /> },
    { id: 'by', header: 'Started by', cell: ({ startedBy }) => <Name>{startedBy}</Name> },
    { id: 'started', header: 'Started', cell: ({ startedAt }) => <Instant at={startedAt} timeZone={timeZone} /> },
    {
      id: 'ended',
      header: 'Ended',
      cell: ({ endedAt }) => (endedAt === null ? <Nothing /> : <Instant at={endedAt} timeZone={timeZone} />),
    },
    {
      id: 'looked',
      header: 'Looked at',
      isNumeric: true,
      cell: ({ checks }) => groupCount(checks.reduce((sum, { checked }) => sum + checked, 0)),
    },
  ];
}

function Result({ state, ok }: VerifyRunOut) {
  if (state === 'done') {
    return ok === true ? <Badge tone="good">every invariant holds</Badge> : <Badge tone="bad">broken</Badge>;
  }
  return <Badge tone={state === 'running' ? 'info' : 'warn'}>{state}</Badge>;
}
