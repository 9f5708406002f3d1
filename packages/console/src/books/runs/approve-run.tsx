import { runChangedSchema } from '@rewardbook/contracts/api/payout-runs';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { ApiProblem, describeError } from '../../api/problems.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Hash, Name } from '../../blocks/name.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { counted } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { RunChange } from './run-change.tsx';
import type { RunDetail, RunProps } from './run-types.ts';

/**
 * The signature of the second person: over the contents as they were when the question was opened, and no others. Where the run is no
 * longer a draft, an open question stays and says so.
 */
export function ApproveRun({ program, run }: RunProps) {
  const person = usePerson();
  const [signed, setSigned] = useState<RunDetail>();
  const refusal = !person.can('approve')
    ? missingRight('approve', person.name)
    : person.name === run.draftedBy
      ? 'You drafted it: somebody else approves.'
      : undefined;
  return (
    <>
      {run.status === 'draft' ? (
        <Button kind="primary" onPress={() => setSigned(run)} refusal={refusal}>
          Approve …
        </Button>
      ) : null}
      <Dialog
        title={`Approve payout run ${run.runId}?`}
        isOpen={signed !== undefined}
        onClose={() => setSigned(undefined)}
      >
        {signed === undefined ? null : (
          <Question program={program} run={signed} current={run} onClose={() => setSigned(undefined)} />
        )}
      </Dialog>
    </>
  );
}

interface QuestionProps extends RunProps {
  readonly current: RunDetail;
  onClose(): void;
}

function Question({ program, run, current, onClose }: QuestionProps) {
  const approve = useCommand(
    (contentHash: string) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/payout-runs/${run.runId}/approve`,
      body: { contentHash },
    }),
    runChangedSchema,
  );
  const isRefused = approve.error instanceof ApiProblem && approve.error.code === 'run-changed';
  const isOther = current.contentHash !== run.contentHash || current.status !== 'draft';
  const hasChanged = approve.isIdle || approve.isError ? isRefused || isOther : false;
  return (
    <>
      <Statement program={program} run={run} />
      {hasChanged ? (
        <Notice tone="bad" title="The run is no longer what you read">
          {approve.error === null ? `It is ${current.status} now.` : describeError(approve.error)} Nothing was approved.
          What changed after the draft is paid by a new one.
        </Notice>
      ) : approve.error === null ? null : (
        <Failure error={approve.error} what="Nothing was approved" />
      )}
      <div className="dialog-actions">
        <Button onPress={onClose}>{hasChanged ? 'Close' : 'Cancel'}</Button>
        {hasChanged ? null : (
          <Button
            kind="primary"
            isBusy={approve.isPending}
            onPress={() => approve.mutate(run.contentHash, { onSuccess: onClose })}
          >
            {approve.isPending ? 'Approving …' : 'Approve and post'}
          </Button>
        )}
      </div>
    </>
  );
}

/** What is signed, in words and totals. */
function Statement({ program, run }: RunProps) {
  const { currency, payoutCount, waitingCount, gross, withheld, net, draftedBy, contentHash } = run;
  return (
    <>
      <p>
        You sign that <strong>{counted(payoutCount, 'payout')}</strong> of{' '}
        <strong>
          <Amount value={net} currency={currency} />
        </strong>{' '}
        in all are made, as <Name>{draftedBy}</Name> drafted them. {counted(waitingCount, 'creator')} in the run{' '}
        {waitingCount === 1 ? 'waits and is' : 'wait and are'} not paid. The payouts are posted to the books and cannot
        be un-approved.
      </p>
      <Facts>
        <Fact label="Gross">
          <Amount value={gross} currency={currency} />
        </Fact>
        <Fact label="Tax withheld">
          <Amount value={withheld} currency={currency} />
        </Fact>
        <Fact label="Paid out (net)">
          <Amount value={net} currency={currency} />
        </Fact>
        <Fact label="Contents (SHA-256)">
          <Hash>{contentHash}</Hash>
        </Fact>
      </Facts>
      <RunChange program={program} run={run} />
    </>
  );
}
