import { type CashBody, cashBodySchema, cashOutSchema } from '@rewardbook/contracts/api/adjustments';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { faultOf, useCommand } from '../../api/command.ts';
import { Button } from '../../blocks/button.tsx';
import { Dialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Choice, Field } from '../../blocks/field.tsx';
import { Form } from '../../blocks/form.tsx';
import { FormEnd } from '../../blocks/form-end.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { groupDigits, readTypedAmount } from '../../format/decimal-text.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { EntryLink } from '../links.tsx';

const EMPTY = { kind: 'receipt', amount: '', reference: '', reason: '' };
const FIELDS = ['kind', 'amount', 'reference', 'reason'] as const;
type FieldName = (typeof FIELDS)[number];
type Faults = Partial<Record<FieldName, string | undefined>>;

/** Books money that came in: of the ad platform, or of the platform's owner to pay creators from. */
export function BookCash({ program }: { readonly program: ProgramOut }) {
  const person = usePerson();
  const { currency, program: slug } = program;
  const [isOpen, setIsOpen] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const { values, set, clear } = useDraft(`cash:${slug}`, EMPTY);
  const book = useCommand(
    (body: CashBody) => ({ service: 'ledger', method: 'POST', path: path`/v1/programs/${slug}/cash`, body }),
    cashOutSchema,
  );
  const submit = (): void => {
    const read = readForm(values, currency);
    setFaults(read.faults);
    if (read.body !== undefined) {
      book.mutate(read.body, {
        onSuccess: () => {
          clear();
          setIsOpen(false);
        },
      });
    }
  };
  const faultAt = (field: FieldName): string | undefined => faults[field] ?? faultOf(book.error, field);
  return (
    <>
      {book.data === undefined ? null : (
        <Notice
          tone="good"
          title={`${book.data.repeated ? 'It was booked before' : 'Booked'}: ${currency} ${groupDigits(book.data.amount)}`}
        >
          As <EntryLink program={slug} entryKey={book.data.entryKey} />
        </Notice>
      )}
      <Button
        kind="primary"
        onPress={() => setIsOpen(true)}
        refusal={person.can('operate') ? undefined : missingRight('operate', person.name)}
      >
        Book money that came in
      </Button>
      <Dialog title="Book money that came in" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <Form onSubmit={submit}>
          <Choice
            label="What it is"
            value={values.kind}
            options={[
              { value: 'receipt', text: 'Receipt: the ad platform paid' },
              { value: 'funding', text: 'Funding: the owner put money in' },
            ]}
            onChange={(kind) => set('kind', kind)}
            error={faultAt('kind')}
          />
          <Field
            label={`Amount in ${currency}`}
            inputMode="decimal"
            value={values.amount}
            onChange={(text) => set('amount', text)}
            error={faultAt('amount')}
            isRequired
          />
          <Field
            label="Reference"
            hint="Of the bank. The same reference again books nothing."
            value={values.reference}
            onChange={(text) => set('reference', text)}
            error={faultAt('reference')}
            isRequired
          />
          <Field
            label="Note (optional)"
            value={values.reason}
            onChange={(text) => set('reason', text)}
            error={faultAt('reason')}
          />
          <FormEnd
            sent={book}
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
  { kind, amount, reference, reason }: Readonly<Record<FieldName, string>>,
  currency: string,
): { readonly body?: CashBody; readonly faults: Faults } {
  const typed = readTypedAmount(amount, currency);
  const read = cashBodySchema.safeParse({
    kind,
    amount: 'amount' in typed ? typed.amount : '0',
    reference: reference.trim(),
    ...(reason.trim() === '' ? {} : { reason }),
  });
  const at = (field: FieldName): string | undefined =>
    read.error?.issues.find(({ path: place }) => place[0] === field)?.message;
  const faults: Faults = {
    kind: at('kind'),
    amount: 'fault' in typed ? typed.fault : at('amount'),
    reference: reference.trim() === '' ? 'Give a reference' : at('reference'),
    reason: at('reason'),
  };
  return read.success && 'amount' in typed ? { body: read.data, faults } : { faults };
}
