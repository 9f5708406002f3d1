import { runChangedSchema } from '@rewardbook/contracts/api/payout-runs';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { counted } from '../../format/counts.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { ApproveRun } from './approve-run.tsx';
import type { RunProps } from './run-types.ts';

/** What can be done with the run in its state; what the person may not do says why. */
export function RunActions({ program, run }: RunProps) {
  return (
    <>
      <RunStep program={program} run={run} />
      <ApproveRun program={program} run={run} />
    </>
  );
}

function RunStep({ program, run }: RunProps) {
  switch (run.status) {
    case 'draft':
      return <DiscardRun program={program} run={run} />;
    case 'approved':
      return <ExportRun program={program} run={run} />;
    case 'exported':
      return <SettleRun program={program} run={run} />;
    case 'settled':
    case 'discarded':
      return null;
  }
}

/** A step on the run, and whether its question is open. */
function useStep<Body>({ program, run }: RunProps, step: string) {
  const [isAsking, setIsAsking] = useState(false);
  const command = useCommand(
    (body: Body) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/payout-runs/${run.runId}/${step}`,
      ...(body === undefined ? {} : { body }),
    }),
    runChangedSchema,
  );
  return { isAsking, ask: () => setIsAsking(true), close: () => setIsAsking(false), command };
}

function useOperateRefusal(): string | undefined {
  const person = usePerson();
  return person.can('operate') ? undefined : missingRight('operate', person.name);
}

const NO_REASON = { reason: '' };

function DiscardRun(props: RunProps) {
  const { isAsking, ask, close, command } = useStep<{ reason: string }>(props, 'discard');
  const draft = useDraft(`discard:${props.program.program}:${props.run.runId}`, NO_REASON);
  const [isMissing, setIsMissing] = useState(false);
  const refusal = useOperateRefusal();
  const send = (): void => {
    const reason = draft.values.reason.trim();
    setIsMissing(reason === '');
    if (reason !== '') {
      command.mutate({ reason }, { onSuccess: draft.clear });
    }
  };
  return (
    <>
      <Button onPress={ask} refusal={refusal}>
        Discard
      </Button>
      <ConfirmDialog
        title={`Discard run ${props.run.runId}?`}
        isOpen={isAsking}
        onClose={close}
        verb="Discard the draft"
        isDangerous
        onConfirm={send}
        isBusy={command.isPending}
        error={command.error}
      >
        <p>The draft is put away and nothing is posted. Its balances are there for the next run.</p>
        <Field
          label="Why"
          value={draft.values.reason}
          onChange={(text) => draft.set('reason', text)}
          error={isMissing ? 'Say why it is discarded' : undefined}
          isRequired
        />
      </ConfirmDialog>
    </>
  );
}

function ExportRun(props: RunProps) {
  const { isAsking, ask, close, command } = useStep<undefined>(props, 'export');
  const { run } = props;
  return (
    <>
      <Button kind="primary" onPress={ask} refusal={useOperateRefusal()}>
        Mark as exported
      </Button>
      <ConfirmDialog
        title={`Was run ${run.runId} handed to the bank?`}
        isOpen={isAsking}
        onClose={close}
        verb="Mark as exported"
        onConfirm={() => command.mutate(undefined)}
        isBusy={command.isPending}
        error={command.error}
      >
        <p>
          You confirm that the payment file of {counted(run.payoutCount - run.returnedCount, 'payout')} was handed to
          the bank. Compare its control sum with the manifest first.
        </p>
      </ConfirmDialog>
    </>
  );
}

const NO_REFERENCE = { reference: '' };

function SettleRun(props: RunProps) {
  const { isAsking, ask, close, command } = useStep<{ reference?: string }>(props, 'settle');
  const { run } = props;
  const draft = useDraft(`settle:${props.program.program}:${run.runId}`, NO_REFERENCE);
  const reference = draft.values.reference.trim();
  return (
    <>
      <Button kind="primary" onPress={ask} refusal={useOperateRefusal()}>
        Settle
      </Button>
      <ConfirmDialog
        title={`Has the bank paid run ${run.runId}?`}
        isOpen={isAsking}
        onClose={close}
        verb="Settle the run"
        onConfirm={() => command.mutate(reference === '' ? {} : { reference }, { onSuccess: draft.clear })}
        isBusy={command.isPending}
        error={command.error}
      >
        <p>
          What was exported and did not come back, of <Amount value={run.net} currency={run.currency} /> net, goes from
          clearing to cash. This is posted and cannot be undone; a payout that comes back later is booked as a return.
        </p>
        <Field
          label="The bank’s reference (optional)"
          value={draft.values.reference}
          onChange={(text) => draft.set('reference', text)}
        />
      </ConfirmDialog>
    </>
  );
}
