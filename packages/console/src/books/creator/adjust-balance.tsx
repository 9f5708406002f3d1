import { type AdjustmentBody, adjustmentBodySchema, adjustmentOutSchema } from '@rewardbook/contracts/api/adjustments';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { ADJUSTMENT_KINDS, type AdjustmentKind } from '@rewardbook/domain/books/adjustment';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { faultOf, isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { FormEnd } from '../../blocks/form-end.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { groupDigits, readTypedAmount } from '../../format/decimal-text.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { ApprovalNotice } from '../approval-notice.tsx';
import { EntryLink } from '../links.tsx';

const EMPTY = { kind: 'adjustment', amount: '', reason: '', reference: '' };
const FIELDS = ['kind', 'amount', 'reason', 'reference'] as const;
type FieldName = (typeof FIELDS)[number];
type Faults = Partial<Record<FieldName, string | undefined>>;

/** What each kind is for, and what its amount does. */
const KINDS: Readonly<Record<AdjustmentKind, { readonly text: string; readonly hint: string }>> = {
  adjustment: { text: 'Adjustment', hint: 'Above zero for the creator, below zero against them.' },
  clawback: { text: 'Clawback', hint: 'Above zero: taken from the creator, first from what is held back.' },
  'write-off': { text: 'Write-off', hint: 'Above zero: what the creator owes and will not pay is given up.' },
  unclaimed: { text: 'Unclaimed', hint: 'Above zero: what is owed and cannot be paid goes to the unclaimed account.' },
};

export interface AdjustBalanceProps {
  readonly program: ProgramOut;
  readonly creator: string;
}

/** Changes what a creator is owed: adjustments, clawbacks, write-offs, unclaimed money. The reference makes it safe to send twice. */
export function AdjustBalance({ program, creator }: AdjustBalanceProps) {
  const person = usePerson();
  const { currency, program: slug } = program;
  const [isOpen, setIsOpen] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const { values, set, clear } = useDraft(`adjust:${slug}:${creator}`, EMPTY);
  const adjust = useCommand(
    (body: AdjustmentBody) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${slug}/adjustments`,
      body,
    }),
    orApproval(adjustmentOutSchema),
  );
  const kind = ADJUSTMENT_KINDS.find((one) => one === values.kind) ?? 'adjustment';
  const submit = (): void => {
    const read = readForm({ ...values, kind }, creator, currency);
    setFaults(read.faults);
    if (read.body !== undefined) {
      adjust.mutate(read.body, {
        onSuccess: () => {
          clear();
          setIsOpen(false);
        },
      });
    }
  };
  const faultAt = (field: FieldName): string | undefined => faults[field] ?? faultOf(adjust.error, field);
  return (
    <>
      <Button
        onPress={() => setIsOpen(true)}
        refusal={person.can('operate') ? undefined : missingRight('operate', person.name)}
      >
        Adjust the balance …
      </Button>
      {adjust.data === undefined ? null : isApprovalNeeded(adjust.data) ? (
        <ApprovalNotice program={slug} answer={adjust.data} />
      ) : (
        <Notice
          tone="good"
          title={`${adjust.data.repeated ? 'It was booked before' : 'Booked'}: ${currency} ${groupDigits(adjust.data.amount)}`}
        >
          As <EntryLink program={slug} entryKey={adjust.data.entryKey} />
        </Notice>
      )}
      <Dialog title="Adjust the balance" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <Form onSubmit={submit}>
          <Choice
            label="Kind"
            value={kind}
            options={ADJUSTMENT_KINDS.map((one) => ({ value: one, text: KINDS[one].text }))}
            onChange={(chosen) => set('kind', chosen)}
            error={faultAt('kind')}
          />
          <Field
            label={`Amount in ${currency}`}
            hint={KINDS[kind].hint}
            inputMode="decimal"
            value={values.amount}
            onChange={(text) => set('amount', text)}
            error={faultAt('amount')}
            isRequired
          />
          <Field
            label="Why"
            hint="The creator’s statement says it"
            value={values.reason}
            onChange={(text) => set('reason', text)}
            error={faultAt('reason')}
            isRequired
          />
          <Field
            label="Reference"
            hint="Of the case or ticket. The same reference again books nothing."
            value={values.reference}
            onChange={(text) => set('reference', text)}
            error={faultAt('reference')}
            isRequired
          />
          <FormEnd
            sent={adjust}
            fields={FIELDS}
            failed="Nothing was booked"
            verb="Book it"
            busy="Booking …"
            onCancel={() => setIsOpen(false)}
          />
        </Form>
      </Dialog>
    </>
  );
}

function readForm(
  { kind, amount, reason, reference }: Readonly<Record<FieldName, string>>,
  creatorId: string,
  currency: string,
): { readonly body?: AdjustmentBody; readonly faults: Faults } {
  const typed = readTypedAmount(amount, currency);
  const read = adjustmentBodySchema.safeParse({
    kind,
    creatorId,
    amount: 'amount' in typed ? typed.amount : '0',
    reason,
    reference: reference.trim(),
  });
  const at = (field: FieldName): string | undefined =>
    read.error?.issues.find(({ path: place }) => place[0] === field)?.message;
  const faults: Faults = {
    kind: at('kind'),
    amount: 'fault' in typed ? typed.fault : at('amount'),
    reason: at('reason'),
    reference: reference.trim() === '' ? 'Give a reference' : at('reference'),
  };
  return read.success && 'amount' in typed ? { body: read.data, faults } : { faults };
}
