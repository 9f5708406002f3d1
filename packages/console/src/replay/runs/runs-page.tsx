import { Link } from '@tanstack/react-router';
import { useStore } from '../../api/store.ts';
import { Badge } from '../../blocks/badge.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Notice, Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { programStep } from '../../books/program-trail.tsx';
import { useProgram } from '../../books/use-program.ts';
import { groupCount } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { NewRun } from './new-run.tsx';
import { describeOptions } from './run-form.ts';
import { standingOf } from './run-state.ts';
import { running } from './running.ts';
import { useRuns } from './use-runs.ts';
import type { RunRecord } from './worker/run-record.ts';

/** Replays: a new one, and those that were done in this browser. */
export function RunsPage() {
  const program = useProgram();
  const person = usePerson();
  const here = useStore(running);
  const runs = useRuns(program.program, person.name);
  const refusal = person.can('events:write') ? undefined : missingRight('events:write', person.name);
  const alive = runs.data?.alive ?? new Set<string>();
  const columns: TableColumn<RunRecord>[] = [
    {
      id: 'startedAt',
      header: 'Begun',
      isRowHeader: true,
      cell: (run) => (
        <Link to="/replay/$program/runs/$run" params={{ program: program.program, run: run.id }}>
          <Instant at={run.startedAt} timeZone={program.timeZone} />
        </Link>
      ),
    },
    { id: 'source', header: 'Events', cell: (run) => <bdi>{run.source.name}</bdi> },
    { id: 'options', header: 'How', cell: (run) => `${describeOptions(run.options)}; seed ${run.options.seed}` },
    {
      id: 'sent',
      header: 'Sent',
      isNumeric: true,
      cell: (run) => (run.counts === null ? '' : groupCount(run.counts.sent)),
    },
    {
      id: 'state',
      header: 'State',
      cell: (run) => {
        const { tone, text } = standingOf(
          run,
          here.find(({ id }) => id === run.id),
          alive,
        );
        return <Badge tone={tone}>{text}</Badge>;
      },
    },
  ];
  return (
    <Page
      trail={[programStep(program)]}
      title="Replay runs"
      lead="Send recorded events again, in any order and with faults, and see whether the books come to what a simulation of the same events gives. An event counts once, however often it is sent."
    >
      {refusal === undefined ? null : (
        <Notice tone="info" title="Events cannot be sent with this key">
          {refusal}
        </Notice>
      )}
      <Section title="New replay">
        <NewRun program={program.program} person={person.name} refusal={refusal} />
      </Section>
      <Section title="Runs in this browser">
        <Reading of={runs} what="the runs" />
        {runs.data === undefined ? null : (
          <DataTable
            caption="Replay runs, the newest first"
            columns={columns}
            rows={runs.data.runs}
            rowKey={({ id }) => id}
            empty={<p>No replay was run here yet. Choose events above.</p>}
          />
        )}
      </Section>
    </Page>
  );
}
