import type { RunOut } from '@rewardbook/contracts/api/payout-runs';
import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ReconciliationOut } from '@rewardbook/contracts/api/reconciliation';
import { expect, it } from 'vitest';
import { type ProgramState, tasksOf } from './tasks.ts';

const period = (label: string, part: Partial<PeriodOut> = {}): PeriodOut =>
  ({ period: label, status: 'closed', end: '2026-11-01T00:00:00.000Z', failure: null, ...part }) as PeriodOut;

const QUIET: ProgramState = {
  currency: 'IDR',
  periods: [period('2026-09'), period('2026-10')],
  next: period('2026-11', { status: 'open', end: '2026-12-01T00:00:00.000Z' }),
  runs: [{ runId: '2026-10-1', period: '2026-10', status: 'settled' } as RunOut],
  pendingRequests: 0,
  holds: 0,
  reconciliations: [{ period: '2026-10', status: 'reconciled' } as ReconciliationOut],
  now: Date.parse('2026-11-15T00:00:00Z'),
};

const labelsOf = (part: Partial<ProgramState>): string[] => tasksOf({ ...QUIET, ...part }).map(({ label }) => label);

it('nothing waits where all is done', () => {
  expect(tasksOf(QUIET)).toEqual([]);
});

it('a period that is over waits for its revenue, then for its close', () => {
  const now = Date.parse('2026-12-01T00:00:00Z');
  expect(labelsOf({ now })).toEqual(['revenue missing']);
  expect(labelsOf({ now, periods: [...QUIET.periods, period('2026-11', { status: 'open' })] })).toEqual([
    'ready to close',
  ]);
});

it('a close that fails comes first', () => {
  const failing = period('2026-11', { status: 'closing', failure: 'no policy' });
  expect(labelsOf({ periods: [...QUIET.periods, failing], pendingRequests: 2 })).toEqual(['close fails', 'approval']);
});

it('a run waits for approval, export and settlement; a closed period for its run', () => {
  const run = (status: RunOut['status']): RunOut =>
    ({ runId: '2026-10-1', period: '2026-10', status, payoutCount: 1, net: '1.00' }) as RunOut;
  expect(labelsOf({ runs: [run('draft')] })).toEqual(['approval']);
  expect(labelsOf({ runs: [run('approved')] })).toEqual(['export']);
  expect(labelsOf({ runs: [run('exported')] })).toEqual(['settle']);
  expect(labelsOf({ runs: [run('discarded')] })).toEqual(['payout run']);
});

it('differences and holds are there until somebody has seen to them', () => {
  const open = { period: '2026-10', status: 'open', open: 1 } as ReconciliationOut;
  expect(tasksOf({ ...QUIET, reconciliations: [open], holds: 2 }).map(({ text }) => text)).toEqual([
    '1 difference between statements and books of October 2026 is open',
    '2 holds in force: these creators are not paid',
  ]);
});
