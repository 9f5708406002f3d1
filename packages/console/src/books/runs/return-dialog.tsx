import { type PayoutOut, returnedSchema } from '@rewardbook/contracts/api/payout-runs';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { Amount } from '../../blocks/amount.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';
import { Notice } from '../../blocks/notice.tsx';
import type { RunProps } from './run-types.ts';

const EMPTY = { reason: '' };

/** The bank sent a payout back, or could not make it. */
export function ReturnDialog({
  program,
  run,
  payout,
  onClose,
}: RunProps & { readonly payout: PayoutOut | undefined; onClose(): void }) {
  const draft = useDraft(`return:${program.program}:${run.runId}`, EMPTY);
  const [isMissing, setIsMissing] = useState(false);
  const [said, setSaid] = useState<string>();
  const command = useCommand(
    (body: { creatorId: string; reason: string }) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/payout-runs/${run.runId}/returns`,
      body,
    }),
    orApproval(returnedSchema),
  );
  const send = (): void => {
    const reason = draft.values.reason.trim();
    setIsMissing(reason === '');
    if (payout !== undefined && reason !== '') {
      command.mutate(
        { creatorId: payout.creatorId, reason },
        {
          onSuccess: (answer) => {
            draft.clear();
            onClose();
            setSaid(
              isApprovalNeeded(answer)
                ? `Request ${answer.approval.request} waits for a second person.`
                : `The payout of ${answer.creatorId} is returned as ${answer.entryKey}; the creator is on hold.`,
            );
          },
        },
      );
    }
  };
  return (
    <>
      {said === undefined ? null : <Notice tone="good" title={said} />}
      <ConfirmDialog
        title="This payout came back?"
        isOpen={payout !== undefined}
        onClose={onClose}
        verb="Book the return"
        onConfirm={send}
        isBusy={command.isPending}
        error={command.error}
      >
        {payout === undefined ? null : (
          <p>
            <Amount value={payout.net} currency={run.currency} /> goes back to <Name>{payout.creatorId}</Name>, with the
            tax unless it was remitted. The creator is on hold until somebody lifts it; the payout is not paid again by
            itself.
          </p>
        )}
        <Field
          label="Why it came back"
          value={draft.values.reason}
          onChange={(text) => draft.set('reason', text)}
          error={isMissing ? 'Say why, in the bank’s words' : undefined}
          isRequired
        />
      </ConfirmDialog>
    </>
  );
}
