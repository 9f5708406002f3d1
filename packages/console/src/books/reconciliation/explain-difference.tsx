import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import {
  type DifferenceOut,
  explanationBodySchema,
  reconciliationOutSchema,
} from '@rewardbook/contracts/api/reconciliation';
import { useState } from 'react';
import type { z } from 'zod';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';

const EMPTY = { reason: '' };

export interface ExplainDifferenceProps {
  readonly program: ProgramOut;
  readonly period: string;
  readonly difference: DifferenceOut | undefined;
  onClose(): void;
}

/** Says why a difference is not an error. It holds until the statement or the books change. */
export function ExplainDifference({ program, period, difference, onClose }: ExplainDifferenceProps) {
  const draft = useDraft(`explain:${program.program}:${period}`, EMPTY);
  const [fault, setFault] = useState<string>();
  const explain = useCommand(
    (body: z.input<typeof explanationBodySchema>) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/reconciliations/${period}/explanations`,
      body,
    }),
    reconciliationOutSchema,
  );
  const send = (): void => {
    const reason = explanationBodySchema.shape.reason.safeParse(draft.values.reason);
    setFault(reason.error?.issues[0]?.message);
    if (difference !== undefined && reason.success) {
      const { kind, reference, difference: what } = difference;
      explain.mutate(
        { kind, reference, difference: what, reason: reason.data },
        {
          onSuccess: () => {
            draft.clear();
            onClose();
          },
        },
      );
    }
  };
  return (
    <ConfirmDialog
      title="Explain this difference"
      isOpen={difference !== undefined}
      onClose={onClose}
      verb="Keep the explanation"
      onConfirm={send}
      isBusy={explain.isPending}
      error={explain.error}
    >
      {difference === undefined ? null : (
        <p>
          Why is <Name>{difference.reference}</Name> not an error? The explanation counts until the statement or the
          books change.
        </p>
      )}
      <Field
        label="Explanation"
        isLong
        value={draft.values.reason}
        onChange={(text) => draft.set('reason', text)}
        error={fault}
        isRequired
      />
    </ConfirmDialog>
  );
}
