import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { type RevenueBody, revenueBookedSchema } from '@rewardbook/contracts/api/revenue';
import { identifierSchema } from '@rewardbook/contracts/values/identifier';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { faultOf, isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { Dialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { FormEnd } from '../../blocks/form-end.tsx';
import { groupDigits, readTypedAmount } from '../../format/decimal-text.ts';
import { readablePeriod } from '../../format/time.ts';

const EMPTY = { amount: '', reference: '', corrects: '' };
const FIELDS = ['amount', 'reference', 'corrects'] as const;
type Faults = Partial<Record<(typeof FIELDS)[number], string>>;

export interface RevenueDialogProps {
  readonly program: ProgramOut;
  readonly period: string;
  readonly isOpen: boolean;
  onClose(): void;
  /** @param said what was done, for the page behind */
  onBooked(said: string): void;
}

/** Books advertising revenue. The reference makes it safe to send twice. */
export function RevenueDialog({ program, period, isOpen, onClose, onBooked }: RevenueDialogProps) {
  const { currency } = program;
  const draft = useDraft(`revenue:${program.program}:${period}`, EMPTY);
  const [faults, setFaults] = useState<Faults>({});
  const book = useCommand(
    (body: RevenueBody) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/revenue`,
      body,
    }),
    orApproval(revenueBookedSchema),
  );
  const submit = (): void => {
    const read = readForm(draft.values, period, currency);
    setFaults(read.faults);
    if (read.body !== undefined) {
      book.mutate(read.body, {
        onSuccess: (answer) => {
          draft.clear();
          onClose();
          onBooked(
            isApprovalNeeded(answer)
              ? `Request ${answer.approval.request} waits for a second person`
              : `${answer.repeated ? 'It was booked before' : 'Booked'}: ${currency} ${groupDigits(answer.amount)} as ${answer.entryKey}`,
          );
        },
      });
    }
  };
  const faultAt = (field: keyof Faults): string | undefined => faults[field] ?? faultOf(book.error, field);
  return (
    <Dialog title={`Book revenue for ${readablePeriod(period)}`} isOpen={isOpen} onClose={onClose}>
      <Form onSubmit={submit}>
        <Field
          label={`Amount in ${currency}`}
          hint="Below zero for a correction; 0 says that there was no revenue."
          inputMode="decimal"
          value={draft.values.amount}
          onChange={(text) => draft.set('amount', text)}
          error={faultAt('amount')}
          isRequired
        />
        <Field
          label="Reference"
          hint="Of the invoice or settlement. The same reference again books nothing."
          value={draft.values.reference}
          onChange={(text) => draft.set('reference', text)}
          error={faultAt('reference')}
          isRequired
        />
        <Field
          label="Corrects entry (optional)"
          hint="Key of the revenue entry that this one corrects, as revenue:INV-7"
          value={draft.values.corrects}
          onChange={(text) => draft.set('corrects', text)}
          error={faultAt('corrects')}
        />
        <FormEnd
          sent={book}
          fields={FIELDS}
          failed="Nothing was booked"
          verb="Book revenue"
          busy="Booking …"
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}

function readForm(
  { amount, reference, corrects }: Readonly<Record<(typeof FIELDS)[number], string>>,
  period: string,
  currency: string,
): { readonly body?: RevenueBody; readonly faults: Faults } {
  const typed = readTypedAmount(amount, currency);
  const id = identifierSchema.safeParse(reference.trim());
  const faults: Faults = {
    ...('fault' in typed ? { amount: typed.fault } : {}),
    ...(id.success ? {} : { reference: id.error.issues[0]?.message ?? 'Give a reference' }),
  };
  if ('fault' in typed || !id.success) {
    return { faults };
  }
  const corrected = corrects.trim();
  return {
    faults,
    body: { period, amount: typed.amount, reference: id.data, ...(corrected === '' ? {} : { corrects: corrected }) },
  };
}
