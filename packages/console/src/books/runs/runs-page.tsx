import { type RunOut, runChangedSchema } from '@rewardbook/contracts/api/payout-runs';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { describeError } from '../../api/problems.ts';
import { Amount, Nothing } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Name } from '../../blocks/name.tsx';
import { Notice, Reading } from '../../blocks/notice.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { RunLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { runsQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';

function columnsOf({ program, currency, timeZone }: ProgramOut): TableColumn<RunOut>[] {
  return [
    { id: 'run', header: 'Run', isRowHeader: true, cell: ({ runId }) => <RunLink program={program} run={runId} /> },
    { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
    { id: 'payouts', header: 'Payouts', isNumeric: true, cell: ({ payoutCount }) => groupCount(payoutCount) },
    { id: 'waiting', header: 'Waiting', isNumeric: true, cell: ({ waitingCount }) => groupCount(waitingCount) },
    { id: 'net', header: `Net (${currency})`, isNumeric: true, cell: ({ net }) => <Amount value={net} /> },
    { id: 'returned', header: 'Came back', isNumeric: true, cell: ({ returned }) => <Amount value={returned} /> },
    { id: 'drafted', header: 'Drafted by', cell: ({ draftedBy }) => <Name>{draftedBy}</Name> },
    { id: 'at', header: 'Drafted', cell: ({ draftedAt }) => <Instant at={draftedAt} timeZone={timeZone} /> },
    {
      id: 'approved',
      header: 'Approved by',
      cell: ({ approvedBy }) => (approvedBy === null ? <Nothing /> : <Name>{approvedBy}</Name>),
    },
  ];
}

/** Payout runs, the newest first, and the button that drafts one. */
export function RunsPage() {
  const program = useProgram();
  const runs = useQuery(runsQuery(program.program));
  return (
    <Page
      trail={[programStep(program)]}
      title="Payout runs"
      lead="A run pays creators’ balances: drafted by one person, approved by another, exported to the bank, settled."
      actions={<DraftButton program={program} />}
    >
      <Reading of={runs} what="the payout runs" />
      {runs.data === undefined ? null : (
        <DataTable
          caption={`Payout runs of ${program.name}, the newest first`}
          columns={columnsOf(program)}
          rows={[...runs.data.items].reverse()}
          rowKey={({ runId }) => runId}
          empty="There is no payout run yet. Once a period is closed, draft one."
        />
      )}
    </Page>
  );
}

function DraftButton({ program: { program } }: { readonly program: ProgramOut }) {
  const person = usePerson();
  const navigate = useNavigate();
  const draft = useCommand(
    () => ({ service: 'ledger', method: 'POST', path: path`/v1/programs/${program}/payout-runs` }),
    runChangedSchema,
  );
  return (
    <>
      {draft.error === null ? null : (
        <Notice tone="bad" title="No run was drafted">
          {describeError(draft.error)}
        </Notice>
      )}
      <Button
        kind="primary"
        isBusy={draft.isPending}
        refusal={person.can('operate') ? undefined : missingRight('operate', person.name)}
        onPress={() =>
          draft.mutate(undefined, {
            onSuccess: ({ runId }) =>
              void navigate({ to: '/books/$program/runs/$run', params: { program, run: runId } }),
          })
        }
      >
        {draft.isPending ? 'Drafting …' : 'Draft a run'}
      </Button>
    </>
  );
}
