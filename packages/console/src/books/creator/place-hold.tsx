import { type HoldBody, holdBodySchema, holdSetSchema } from '@rewardbook/contracts/api/holds';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { faultOf, orApproval, useCommand } from '../../api/command.ts';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { FormEnd } from '../../blocks/form-end.tsx';

const EMPTY = { reason: '', note: '' };
const FIELDS = ['reason', 'note'] as const;

export interface PlaceHoldProps {
  readonly program: ProgramOut;
  readonly creator: string;
  /** Why the person may not place one. */
  readonly refusal: string | undefined;
}

/** Keeps a creator from being paid until somebody lifts the hold. */
export function PlaceHold({ program: { program }, creator, refusal }: PlaceHoldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [fault, setFault] = useState<string>();
  const draft = useDraft(`hold:${program}:${creator}`, EMPTY);
  const hold = useCommand(
    (body: HoldBody) => ({ service: 'ledger', method: 'POST', path: path`/v1/programs/${program}/holds`, body }),
    orApproval(holdSetSchema),
  );
  const submit = (): void => {
    const reason = holdBodySchema.shape.reason.safeParse(draft.values.reason.trim());
    setFault(reason.error?.issues[0]?.message);
    const note = draft.values.note.trim();
    if (reason.success) {
      hold.mutate(
        { creatorId: creator, action: 'place', reason: reason.data, ...(note === '' ? {} : { note }) },
        {
          onSuccess: () => {
            draft.clear();
            setIsOpen(false);
          },
        },
      );
    }
  };
  return (
    <div>
      <Button isSmall refusal={refusal} onPress={() => setIsOpen(true)}>
        Place a hold
      </Button>
      <Dialog title="Place a hold" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <Form onSubmit={submit}>
          <Field
            label="Reason"
            hint="A short word, as fraud-review"
            value={draft.values.reason}
            onChange={(text) => draft.set('reason', text)}
            error={fault ?? faultOf(hold.error, 'reason')}
            isRequired
          />
          <Field
            label="Note (optional)"
            isLong
            value={draft.values.note}
            onChange={(text) => draft.set('note', text)}
            error={faultOf(hold.error, 'note')}
          />
          <FormEnd
            sent={hold}
            fields={FIELDS}
            failed="No hold was placed"
            verb="Place the hold"
            busy="Placing …"
            onCancel={() => setIsOpen(false)}
          />
        </Form>
      </Dialog>
    </div>
  );
}
