import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { type ReconciliationOut, reconciliationOutSchema } from '@rewardbook/contracts/api/reconciliation';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { useCommand } from '../../api/command.ts';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Hash, Name } from '../../blocks/name.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { counted } from '../../format/counts.ts';
import { readablePeriod } from '../../format/time.ts';
import { missingRight, usePerson } from '../../session/session.ts';

export interface MarkReconciledProps {
  readonly program: ProgramOut;
  readonly period: string;
  readonly found: ReconciliationOut;
}

/** A person says that nothing is open, of just what they looked at. */
export function MarkReconciled({ program, period, found }: MarkReconciledProps) {
  const person = usePerson();
  const [seen, setSeen] = useState<ReconciliationOut>();
  const mark = useCommand(
    (hash: string) => ({
      service: 'ledger',
      method: 'POST',
      path: path`/v1/programs/${program.program}/reconciliations/${period}/mark`,
      body: { hash },
    }),
    reconciliationOutSchema,
  );
  const name = readablePeriod(period);
  return (
    <>
      {found.marked === null ? null : (
        <MarkNotice marked={found.marked} isCurrent={found.marked.hash === found.hash} timeZone={program.timeZone} />
      )}
      {found.status === 'resolved' ? (
        <div>
          <Button
            kind="primary"
            onPress={() => setSeen(found)}
            refusal={person.can('approve') ? undefined : missingRight('approve', person.name)}
          >
            Mark {name} reconciled
          </Button>
        </div>
      ) : null}
      <ConfirmDialog
        title={`Mark ${name} reconciled?`}
        isOpen={seen !== undefined}
        onClose={() => setSeen(undefined)}
        verb="Mark it reconciled"
        isBusy={mark.isPending}
        error={mark.error}
        onConfirm={() => {
          if (seen !== undefined) {
            mark.mutate(seen.hash, { onSuccess: () => setSeen(undefined) });
          }
        }}
      >
        {seen === undefined ? null : (
          <>
            <p>
              You say that {counted(seen.matched, 'reference')} agree, {counted(seen.explained, 'difference')} are
              explained and nothing is open. It is refused if statements, entries or explanations have changed since.
            </p>
            <p>
              Of what you looked at: <Hash>{seen.hash}</Hash>
            </p>
          </>
        )}
      </ConfirmDialog>
    </>
  );
}

function MarkNotice({
  marked,
  isCurrent,
  timeZone,
}: {
  readonly marked: NonNullable<ReconciliationOut['marked']>;
  readonly isCurrent: boolean;
  readonly timeZone: string;
}) {
  return (
    <Notice tone={isCurrent ? 'good' : 'warn'} title={isCurrent ? 'Reconciled' : 'Changed since it was marked'}>
      Marked by <Name>{marked.by}</Name>, <Instant at={marked.at} timeZone={timeZone} />
      {marked.note === null ? null : (
        <>
          : “<Name>{marked.note}</Name>”
        </>
      )}
    </Notice>
  );
}
