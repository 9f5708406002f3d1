import type { RunOut } from '@rewardbook/contracts/api/payout-runs';
import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ReconciliationOut } from '@rewardbook/contracts/api/reconciliation';
import type { Tone } from '../../blocks/badge.tsx';
import { counted } from '../../format/counts.ts';
import { groupDigits } from '../../format/decimal-text.ts';
import { readablePeriod } from '../../format/time.ts';

/** Where a task leads. */
export type TaskPlace =
  | { readonly kind: 'period'; readonly period: string }
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'runs' | 'approvals' | 'creators' }
  | { readonly kind: 'reconciliation'; readonly period: string };

/** Something that somebody has to do now. */
export interface Task {
  readonly key: string;
  readonly tone: Tone;
  readonly label: string;
  readonly text: string;
  readonly place: TaskPlace;
}

export interface ProgramState {
  readonly currency: string;
  readonly periods: readonly PeriodOut[];
  /** The one that closes next, if the program has begun. */
  readonly next: PeriodOut | undefined;
  readonly runs: readonly RunOut[];
  readonly pendingRequests: number;
  readonly holds: number;
  readonly reconciliations: readonly ReconciliationOut[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What needs somebody now, the most urgent first. */
export function tasksOf(state: ProgramState): Task[] {
  return [...closeTasks(state), ...approvalTasks(state), ...runTasks(state), ...checkTasks(state)];
}

function closeTasks({ periods, next, now }: ProgramState): Task[] {
  const failing = periods.filter(({ status, failure }) => status === 'closing' && failure !== null);
  const tasks = failing.map(
    ({ period, failure }): Task => ({
      key: `failing-${period}`,
      tone: 'bad',
      label: 'close fails',
      text: `The close of ${readablePeriod(period)} fails: ${failure}`,
      place: { kind: 'period', period },
    }),
  );
  if (next !== undefined && next.status === 'open' && Date.parse(next.end) <= now) {
    const isBooked = periods.some(({ period }) => period === next.period);
    const { period } = next;
    tasks.push({
      key: `close-${period}`,
      tone: 'warn',
      label: isBooked ? 'ready to close' : 'revenue missing',
      text: isBooked
        ? `${readablePeriod(period)} is over and has revenue: it can be closed`
        : `${readablePeriod(period)} is over and no revenue is booked for it`,
      place: { kind: 'period', period },
    });
  }
  return tasks;
}

function approvalTasks({ pendingRequests }: ProgramState): Task[] {
  return pendingRequests === 0
    ? []
    : [
        {
          key: 'approvals',
          tone: 'warn',
          label: 'approval',
          text: `${counted(pendingRequests, 'request')} ${pendingRequests === 1 ? 'waits' : 'wait'} for a second person`,
          place: { kind: 'approvals' },
        },
      ];
}

const RUN_TASKS: Readonly<Record<string, { readonly label: string; readonly text: string }>> = {
  draft: { label: 'approval', text: 'waits for somebody other than its drafter to approve it' },
  approved: { label: 'export', text: 'is approved: its payment files can go to the bank' },
  exported: { label: 'settle', text: 'is at the bank: settle it once the bank has paid' },
};

function runTasks({ runs, periods, currency }: ProgramState): Task[] {
  const tasks = runs.flatMap(({ runId, status, payoutCount, net }): Task[] => {
    const known = RUN_TASKS[status];
    return known === undefined
      ? []
      : [
          {
            key: `run-${runId}`,
            tone: status === 'draft' ? 'warn' : 'info',
            label: known.label,
            text: `Payout run ${runId} (${counted(payoutCount, 'payout')}, ${currency} ${groupDigits(net)}) ${known.text}`,
            place: { kind: 'run', run: runId },
          },
        ];
  });
  const lastClosed = periods.filter(({ status }) => status === 'closed').at(-1);
  const isPaid = runs.some(({ period, status }) => period === lastClosed?.period && status !== 'discarded');
  if (lastClosed !== undefined && !isPaid) {
    tasks.push({
      key: 'draft',
      tone: 'info',
      label: 'payout run',
      text: `${readablePeriod(lastClosed.period)} is closed and no payout run has been drafted since`,
      place: { kind: 'runs' },
    });
  }
  return tasks;
}

function checkTasks({ holds, reconciliations }: ProgramState): Task[] {
  const tasks = reconciliations.flatMap(({ period, status, open }): Task[] => {
    if (status === 'reconciled') {
      return [];
    }
    const text = {
      'no-statement': `No statement is imported for ${readablePeriod(period)}`,
      open: `${counted(open, 'difference')} between statements and books of ${readablePeriod(period)} ${open === 1 ? 'is' : 'are'} open`,
      resolved: `${readablePeriod(period)} is explained to zero and can be marked reconciled`,
    }[status];
    return [
      {
        key: `reconcile-${period}`,
        tone: status === 'open' ? 'warn' : 'quiet',
        label: 'reconcile',
        text,
        place: { kind: 'reconciliation', period },
      },
    ];
  });
  return holds === 0
    ? tasks
    : [
        ...tasks,
        {
          key: 'holds',
          tone: 'quiet',
          label: 'holds',
          text: `${counted(holds, 'hold')} in force: these creators are not paid`,
          place: { kind: 'creators' },
        },
      ];
}
