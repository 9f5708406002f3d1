import { holdBodySchema } from '@rewardbook/contracts/api/holds';
import { useState } from 'react';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';

const EMPTY = { reason: '', note: '' };

export interface PlaceHoldProps {
  readonly creator: string;
  readonly isBusy: boolean;
  onPlace(reason: string, note: string): void;
}

/** Keeps a creator from being paid until somebody lifts the hold. */
export function PlaceHold({ creator, isBusy, onPlace }: PlaceHoldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [fault, setFault] = useState<string>();
  const draft = useDraft(`hold:${creator}`, EMPTY);
  const submit = (): void => {
    const reason = holdBodySchema.shape.reason.safeParse(draft.values.reason.trim());
    setFault(reason.error?.issues[0]?.message);
    if (reason.success) {
      onPlace(reason.data, draft.values.note.trim());
      draft.clear();
      setIsOpen(false);
    }
  };
  return (
    <div>
      <Button isSmall onPress={() => setIsOpen(true)}>
        Place a hold
      </Button>
      <Dialog title="Place a hold" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <Form onSubmit={submit}>
          <Field
            label="Reason"
            hint="A short word, as fraud-review"
            value={draft.values.reason}
            onChange={(text) => draft.set('reason', text)}
            error={fault}
            isRequired
          />
          <Field
            label="Note (optional)"
            isLong
            value={draft.values.note}
            onChange={(text) => draft.set('note', text)}
          />
          <div className="dialog-actions">
            <Button onPress={() => setIsOpen(false)}>Cancel</Button>
            <Button type="submit" kind="primary" isBusy={isBusy}>
              Place the hold
            </Button>
          </div>
        </Form>
      </Dialog>
    </div>
  );
}
