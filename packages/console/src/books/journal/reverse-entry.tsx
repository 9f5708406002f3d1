import { type ReversalBody, reversalOutSchema } from '@rewardbook/contracts/api/adjustments';
import type { EntryOut } from '@rewardbook/contracts/api/journal';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { useDraft } from '../../blocks/draft.ts';
import { Field } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';
import { missingRight, usePerson } from '../../session/session.ts';
import { ApprovalNotice } from '../approval-notice.tsx';

/** Kinds that a person may reverse; revenue is corrected by another booking, payouts are returned. */
const REVERSIBLE = new Set([
  'adjustment',
  'clawback',
  'write-off',
  'unclaimed',
  'receipt',
  'funding',
  'tax-remittance',
]);
const EMPTY = { reason: '' };

export function ReverseEntry({ program, entry }: { readonly program: ProgramOut; readonly entry: EntryOut }) {
  const person = usePerson();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const [isMissing, setIsMissing] = useState(false);
  const draft = useDraft(`reverse:${program.program}:${entry.entryKey}`, EMPTY);
  const reverse = useCommand(
    (body: ReversalBody) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/reversals`,
      body,
    }),
    orApproval(reversalOutSchema),
  );
  if (!REVERSIBLE.has(entry.kind)) {
    return null;
  }
  const refusal = person.can('operate') ? undefined : missingRight('operate', person.name);
  const send = (): void => {
    const reason = draft.values.reason.trim();
    setIsMissing(reason === '');
    if (reason === '') {
      return;
    }
    reverse.mutate(
      { entryKey: entry.entryKey, reason },
      {
        onSuccess: (answer) => {
          draft.clear();
          setIsAsking(false);
          if (!isApprovalNeeded(answer)) {
            void navigate({
              to: '/books/$program/journal/$entryKey',
              params: { program: program.program, entryKey: answer.entryKey },
            });
          }
        },
      },
    );
  };
  return (
    <>
      {isApprovalNeeded(reverse.data) ? <ApprovalNotice program={program.program} answer={reverse.data} /> : null}
      <Button onPress={() => setIsAsking(true)} refusal={refusal}>
        Reverse …
      </Button>
      <ConfirmDialog
        title="Reverse this entry?"
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        verb="Reverse the entry"
        isDangerous
        onConfirm={send}
        isBusy={reverse.isPending}
        error={reverse.error}
      >
        <p>
          A new entry with the opposite postings is posted, and names <Name>{entry.entryKey}</Name>. Both stay in the
          journal. An entry is reversed once, and its reference cannot be used again.
        </p>
        <Field
          label="Why"
          value={draft.values.reason}
          onChange={(text) => draft.set('reason', text)}
          error={isMissing ? 'Say why it is reversed' : undefined}
          isRequired
        />
      </ConfirmDialog>
    </>
  );
}
