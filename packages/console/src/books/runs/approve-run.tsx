import { runChangedSchema } from '@rewardbook/contracts/api/payout-runs';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { ApiProblem } from '../../api/problems.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Hash, Name } from '../../blocks/name.tsx';
import { Failure, Notice } from '../../blocks/notice.tsx';
import { counted } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { runQuery } from '../queries.ts';
import { RunChange } from './run-change.tsx';
import type { RunDetail, RunProps } from './run-types.ts';

/** The signature of the second person: over the contents as they were when the question was opened, and no others. */
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
      <Button kind="primary" onPress={() => setSigned(run)} refusal={refusal}>
        Approve …
      </Button>
      <Dialog
        title={`Approve payout run ${run.runId}?`}
        isOpen={signed !== undefined}
        onClose={() => setSigned(undefined)}
      >
        {signed === undefined ? null : (
          <Question
            program={program}
            run={signed}
            current={run}
            onClose={() => setSigned(undefined)}
            onReadAgain={setSigned}
          />
        )}
      </Dialog>
    </>
  );
}

interface QuestionProps extends RunProps {
  readonly current: RunDetail;
  onClose(): void;
  onReadAgain(run: RunDetail): void;
}

function Question({ program, run, current, onClose, onReadAgain }: QuestionProps) {
  const queryClient = useQueryClient();
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
  const hasChanged = isRefused || current.contentHash !== run.contentHash || current.status !== 'draft';
  const readAgain = async (): Promise<void> => {
    approve.reset();
    onReadAgain(await queryClient.fetchQuery({ ...runQuery(program.program, run.runId), staleTime: 0 }));
  };
  return (
    <>
      <Statement program={program} run={run} />
      {hasChanged ? (
        <Notice tone="bad" title="The run is no longer what you read">
          {approve.error?.message ?? 'Its contents changed while this question was open.'} Nothing was approved. A run
          that changed is discarded and drafted anew.
        </Notice>
      ) : approve.error === null ? null : (
        <Failure error={approve.error} what="Nothing was approved" />
      )}
      <div className="dialog-actions">
        <Button onPress={onClose}>Cancel</Button>
        {hasChanged ? (
          <Button kind="primary" onPress={() => void readAgain()}>
            Read it again
          </Button>
        ) : (
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
