import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Badge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { FileChooser } from '../../blocks/file-chooser.tsx';
import { Notice, Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { programStep } from '../../books/program-trail.tsx';
import { useProgram } from '../../books/use-program.ts';
import { groupCount } from '../../format/counts.ts';
import { readableTime } from '../../format/time.ts';
import { Progress } from '../../lab/progress.tsx';
import { missingRight, usePerson } from '../../session/session.ts';
import { Page } from '../../shell/page.tsx';
import { ComparisonView } from './comparison-view.tsx';
import { OnPurpose, RefusedLines, RunFigures } from './run-counts.tsx';
import { describeOptions } from './run-form.ts';
import { standingOf } from './run-state.ts';
import { deleteRun, fileOf, keepFileOf } from './run-store.ts';
import { cancelRun, compareRun, newRunId, pauseRun, type RunningRun, runsChanged, startRun } from './running.ts';
import { useRun, useRunning } from './use-runs.ts';
import type { RunRecord } from './worker/run-record.ts';

/** One replay: how far it is, what became of it, and how it compares with a simulation. */
export function RunPage() {
  const program = useProgram();
  const { run: id } = useParams({ from: '/replay/$program/runs/$run' });
  const found = useRun(id);
  const steps = [
    programStep(program),
    <Link key="runs" to="/replay/$program/runs" params={{ program: program.program }}>
      Replay runs
    </Link>,
  ];
  if (found.data === undefined) {
    return (
      <Page trail={steps} title="Replay run">
        <Reading of={found} what="the run" />
      </Page>
    );
  }
  const { run, alive } = found.data;
  if (run === null || run.program !== program.program) {
    return (
      <Page trail={steps} title="Replay run">
        <Notice tone="warn" title="This browser does not have this run">
          Runs are kept in the browser in which they were made, until they are deleted.
        </Notice>
      </Page>
    );
  }
  return <FoundRun run={run} alive={alive} steps={steps} timeZone={program.timeZone} />;
}

interface FoundRunProps {
  readonly run: RunRecord;
  readonly alive: ReadonlySet<string>;
  readonly steps: readonly ReactNode[];
  readonly timeZone: string;
}

function FoundRun({ run, alive, steps, timeZone }: FoundRunProps) {
  const here = useRunning(run.id);
  const person = usePerson();
  const standing = standingOf(run, here, alive);
  const { date, time } = readableTime(run.startedAt, timeZone);
  const isElsewhere = here === undefined && alive.has(run.id);
  const title = `Replay of ${date}, ${time}`;
  return (
    <Page
      trail={steps}
      title={title}
      lead={
        <>
          <bdi>{run.source.name}</bdi>
          {run.source.kind === 'pack' && run.source.events !== null ? `, ${groupCount(run.source.events)} events` : ''}:{' '}
          {describeOptions(run.options)}; seed {run.options.seed}.
        </>
      }
      actions={<Badge tone={standing.tone}>{standing.text}</Badge>}
    >
      {here?.does === 'send' ? <Sending here={here} /> : null}
      {isElsewhere ? <Notice tone="info" title="Another tab has this under way" /> : null}
      {standing.isInterrupted ? (
        <Notice tone="warn" title="This replay was interrupted">
          Its page was closed or loaded again before the end
          {run.counts === null ? '' : `, after ${groupCount(run.counts.sent)} events`}. What was recorded by then stays.
          Send it again: what is recorded already counts once and comes back as duplicates.
        </Notice>
      ) : null}
      {run.state === 'cancelled' ? (
        <Notice tone="info" title="This replay was cancelled">
          What was recorded by then stays. Sending it again is safe: an event counts once.
        </Notice>
      ) : null}
      {run.failure === null ? null : (
        <Notice tone="bad" title={run.state === 'failed' ? 'This replay failed' : 'The comparison failed'}>
          {run.failure}
        </Notice>
      )}
      {run.counts === null ? null : (
        <Section title="What became of the events">
          <RunFigures counts={run.counts} />
        </Section>
      )}
      {run.counts?.onPurpose ? (
        <Section title="Done on purpose">
          <OnPurpose of={run.counts.onPurpose} />
        </Section>
      ) : null}
      {run.counts === null || run.counts.refused.length === 0 ? null : (
        <Section title="Refused events">
          <RefusedLines refused={run.counts.refused} />
        </Section>
      )}
      {here?.does === 'send' || isElsewhere ? null : (
        <>
          <Compared run={run} here={here} timeZone={timeZone} canDryRun={person.can('operate')} />
          <Again
            run={run}
            refusal={person.can('events:write') ? undefined : missingRight('events:write', person.name)}
          />
        </>
      )}
    </Page>
  );
}

function Sending({ here }: { readonly here: RunningRun }) {
  const { progress, isPaused, id } = here;
  return (
    <Section title={isPaused ? 'Paused' : 'Under way'}>
      <Progress
        what={isPaused ? 'Paused' : progress === null ? 'Opening the events' : 'Read'}
        progress={progress === null ? null : { done: progress.done, total: progress.total, phase: '' }}
      />
      {progress?.waiting ? (
        <Notice tone="warn" title="Waiting for the service">
          {progress.waiting}
        </Notice>
      ) : null}
      <div className="row">
        <Button onPress={() => pauseRun(id, !isPaused)}>{isPaused ? 'Go on' : 'Pause'}</Button>
        <Button kind="danger" onPress={() => cancelRun(id)}>
          Cancel the replay
        </Button>
      </div>
      {progress?.counts ? <RunFigures counts={progress.counts} /> : null}
      <p className="quiet">It goes on while you look at other pages of the console. Keep this tab open.</p>
    </Section>
  );
}

interface ComparedProps {
  readonly run: RunRecord;
  readonly here: RunningRun | undefined;
  readonly timeZone: string;
  readonly canDryRun: boolean;
}

function Compared({ run, here, timeZone, canDryRun }: ComparedProps) {
  const [isMissing, setIsMissing] = useState(false);
  return (
    <Section title="Simulated and compared">
      {here === undefined ? (
        <div className="row">
          <Button
            kind={run.comparison === null ? 'primary' : 'plain'}
            onPress={() => void compareRun(run, canDryRun).then((isBegun) => setIsMissing(!isBegun))}
          >
            {run.comparison === null ? 'Simulate and compare' : 'Compare again'}
          </Button>
          <span className="quiet">
            Simulates the same events in this browser under the present program. Nothing is written.
          </span>
        </div>
      ) : (
        <Progress
          what={here.progress?.phase ?? 'reading'}
          progress={here.progress === null ? null : { done: here.progress.done, total: here.progress.total, phase: '' }}
          onCancel={() => cancelRun(run.id)}
        />
      )}
      {isMissing ? <FileGone /> : null}
      {run.comparison === null ? null : <ComparisonView comparison={run.comparison} timeZone={timeZone} />}
    </Section>
  );
}

function FileGone() {
  return (
    <Notice tone="warn" title="The file is not in this browser">
      There was no room to keep it. Begin a new replay with it; with the same seed it is the same one.
    </Notice>
  );
}

function Again({ run, refusal }: { readonly run: RunRecord; readonly refusal: string | undefined }) {
  const navigate = useNavigate();
  const [isMissing, setIsMissing] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const again = async (file?: File): Promise<void> => {
    const isSame = run.state !== 'done';
    const next = isSame ? run : { ...run, id: newRunId(), startedAt: new Date().toISOString() };
    const given = file ?? (await fileOf(run.id));
    if (given !== undefined && !isSame) {
      await keepFileOf(next.id, given);
    }
    const isBegun = await startRun(next, given);
    setIsMissing(!isBegun);
    if (isBegun && !isSame) {
      await navigate({ to: '/replay/$program/runs/$run', params: { program: run.program, run: next.id } });
    }
  };
  return (
    <Section title="Again">
      <div className="row">
        <Button refusal={refusal} onPress={() => void again()}>
          {run.state === 'done' ? 'Send again with the same seed' : 'Send it again from the start'}
        </Button>
        <Button kind="danger" onPress={() => setIsAsking(true)}>
          Delete this run
        </Button>
      </div>
      {isMissing ? (
        <FileChooser
          label="Drop the file here"
          types={['.ndjson', '.jsonl', '.csv', '.tsv', '.parquet', '.gz']}
          button="Choose the file"
          onChoose={(file) => void again(file)}
        >
          <p>
            This browser had no room to keep <bdi>{run.source.name}</bdi>. Choose it again.
          </p>
        </FileChooser>
      ) : null}
      <ConfirmDialog
        title="Delete this run?"
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        verb="Delete"
        isDangerous
        isBusy={false}
        error={null}
        onConfirm={() => {
          void deleteRun(run.id).then(() => {
            runsChanged.set(runsChanged.get() + 1);
            return navigate({ to: '/replay/$program/runs', params: { program: run.program } });
          });
        }}
      >
        <p>Its figures and its file are removed from this browser. The events that it sent stay recorded.</p>
      </ConfirmDialog>
    </Section>
  );
}
