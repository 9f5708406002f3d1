import { type VerifyRunOut, verifyRunOutSchema } from '@rewardbook/contracts/api/verify';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { describeError } from '../../api/problems.ts';
import { Button } from '../../blocks/button.tsx';
import { Failure, Notice, Reading } from '../../blocks/notice.tsx';
import { LostStream } from '../../live/live-badge.tsx';
import { useLiveBooks } from '../../live/use-live.ts';
import { Page } from '../../shell/page.tsx';
import { programStep } from '../program-trail.tsx';
import { lastVerifyQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { PastRuns } from './past-runs.tsx';
import { VerifyRunView } from './verify-run-view.tsx';

/** Every invariant of the books, checked anew, and what the last check found; it goes on when the page is left. */
export function IntegrityPage() {
  const program = useProgram();
  const live = useLiveBooks(program.program);
  const read = useQuery(lastVerifyQuery(program.program));
  const run = newerOf(live.parts.verify, read.data);
  const start = useRunCommand(program.program, 'POST');
  const cancel = useRunCommand(program.program, 'DELETE');
  const isRunning = run?.state === 'running';
  return (
    <Page
      trail={[programStep(program)]}
      title="Integrity"
      lead="Every invariant of the books, the chain of hashes, and every closed period derived again from its events."
      actions={
        isRunning ? (
          <Button onPress={() => cancel.mutate(run.run)} isBusy={cancel.isPending || run.cancelledBy !== null}>
            {run.cancelledBy === null ? 'End the checks' : 'Ending …'}
          </Button>
        ) : (
          <Button kind="primary" onPress={() => start.mutate(undefined)} isBusy={start.isPending}>
            {run === null || run === undefined ? 'Run the checks' : 'Run them again'}
          </Button>
        )
      }
    >
      {start.error === null ? null : (
        <Failure error={start.error} what="The checks were not started" retry={() => start.mutate(undefined)} />
      )}
      {cancel.error === null ? null : (
        <Notice tone="bad" title="The checks were not ended">
          {describeError(cancel.error)}
        </Notice>
      )}
      {isRunning ? <LostStream of={live} what="The checks" /> : null}
      {run === undefined ? <Reading of={read} what="the last check" /> : null}
      {run === null ? <div className="table-empty">The books of this program were not checked yet.</div> : null}
      {run === null || run === undefined ? null : (
        <>
          <VerifyRunView run={run} timeZone={program.timeZone} />
          <PastRuns program={program} newest={`${run.run} ${run.state}`} />
        </>
      )}
    </Page>
  );
}

/** A start or a cancel; what it answers is shown at once. */
function useRunCommand(program: string, method: 'POST' | 'DELETE') {
  const queryClient = useQueryClient();
  const place = path`/v1/programs/${program}/verify-runs`;
  return useMutation({
    mutationFn: (run: number | undefined) =>
      askJson({ service: 'ledger', method, path: run === undefined ? place : `${place}/${run}` }, verifyRunOutSchema),
    onSuccess: (run) => queryClient.setQueryData(lastVerifyQuery(program).queryKey, run),
  });
}

/** Of what the stream told and what was read, the one that is further. */
function newerOf(
  told: VerifyRunOut | null | undefined,
  read: VerifyRunOut | null | undefined,
): VerifyRunOut | null | undefined {
  if (told === undefined || told === null || read === undefined || read === null) {
    return told ?? read;
  }
  if (told.run !== read.run) {
    return told.run > read.run ? told : read;
  }
  return read.state === 'running' ? told : read;
}
