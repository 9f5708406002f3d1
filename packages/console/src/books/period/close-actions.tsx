import { closeAcceptedSchema, closeCancelledSchema, type PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useState } from 'react';
import { path } from '../../api/client.ts';
import { isApprovalNeeded, orApproval, useCommand } from '../../api/command.ts';
import { describeError } from '../../api/problems.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { ConfirmDialog } from '../../blocks/dialog.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { readablePeriod } from '../../format/time.ts';
import { missingRight, usePerson } from '../../session/session.ts';
import { ApprovalNotice } from '../approval-notice.tsx';
import { ClosePhases } from './close-phases.tsx';

interface PeriodProps {
  readonly program: ProgramOut;
  readonly period: PeriodOut;
}

function closePath({ program, period }: PeriodProps): string {
  return path`/v1/programs/${program.program}/periods/${period.period}/close`;
}

/** To close an open period. */
export function CloseActions({ program, period }: PeriodProps) {
  const person = usePerson();
  const [isAsking, setIsAsking] = useState(false);
  const close = useCommand(
    () => ({ service: 'ledger', method: 'POST', path: closePath({ program, period }) }),
    orApproval(closeAcceptedSchema),
  );
  const isOver = Date.parse(period.end) <= Date.now();
  const refusal = person.can('operate')
    ? isOver
      ? undefined
      : 'The period is not over.'
    : missingRight('operate', person.name);
  const name = readablePeriod(period.period);
  return (
    <>
      {isApprovalNeeded(close.data) ? <ApprovalNotice program={program.program} answer={close.data} /> : null}
      <Button kind="primary" onPress={() => setIsAsking(true)} refusal={refusal}>
        Close {name}
      </Button>
      <ConfirmDialog
        title={`Close ${name}?`}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        verb={`Close ${name}`}
        isBusy={close.isPending}
        error={close.error}
        onConfirm={() => close.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        <p>
          The close uses revenue of <Amount value={period.revenue} currency={program.currency} />, and all events
          recorded until now. It gives each creator an exact amount and posts one journal entry.
        </p>
        <p>
          <strong>A closed period never changes and never opens again.</strong> What arrives later counts in a later
          period.
        </p>
      </ConfirmDialog>
    </>
  );
}

/** A close that is under way or fails. */
export function CloseProgress({ program, period }: PeriodProps) {
  const person = usePerson();
  const cancel = useCommand(
    () => ({ service: 'ledger', method: 'DELETE', path: closePath({ program, period }) }),
    closeCancelledSchema,
  );
  if (period.status !== 'closing') {
    return null;
  }
  if (period.failure === null) {
    return (
      <>
        <Notice tone="info" title="The close is under way">
          Events are judged, points counted and the pool split. This page shows the result when it is posted; you can
          leave it.
        </Notice>
        <ClosePhases program={program} period={period.period} />
      </>
    );
  }
  return (
    <Notice
      tone="bad"
      title="The close fails, and is tried again"
      action={
        <Button
          onPress={() => cancel.mutate(undefined)}
          isBusy={cancel.isPending}
          refusal={person.can('operate') ? undefined : missingRight('operate', person.name)}
        >
          Take the close back
        </Button>
      }
    >
      {period.failure}. Take the close back to put right what is wrong: the period is open again, and nothing is lost.
      {cancel.error === null ? null : ` ${describeError(cancel.error)}`}
    </Notice>
  );
}
