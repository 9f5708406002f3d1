import type { SummaryRow } from '@rewardbook/contracts/api/reports';
import { expect, it } from 'vitest';
import { sumOf } from '../format/decimal-text.ts';
import { type FlowStep, flowOfPayouts, flowOfPeriod } from './money-flow.ts';

const SUMMARY = {
  currency: 'IDR',
  revenue: '1000.00',
  funded: '50.00',
  rolled_over: '0.50',
  pool: '50.50',
  undistributed: '0.25',
  allocated: '50.25',
} as SummaryRow;

function changesFrom(steps: readonly FlowStep[]): string[] {
  return steps.filter(({ kind }) => kind === 'change').map(({ label, amount }) => `${label} ${amount}`);
}

it('money of a period goes from revenue to creators, and adds up', () => {
  const steps = flowOfPeriod(SUMMARY);
  expect(changesFrom(steps)).toEqual([
    'kept by the platform -950.00',
    'rolled over from before 0.50',
    'undistributed -0.25',
  ]);
  expect(steps.at(-1)).toEqual({ label: 'allocated to creators', kind: 'total', amount: '50.25', after: '50.25' });
  const [first] = steps;
  const changes = steps.filter(({ kind }) => kind === 'change').map(({ amount }) => amount);
  expect(sumOf('IDR', [first?.amount ?? '', ...changes])).toBe('50.25');
});

it('a difference that no step explains is a step of its own, never hidden', () => {
  const steps = flowOfPeriod({ ...SUMMARY, allocated: '50.20' });
  expect(changesFrom(steps)).toContain('not explained -0.05');
});

it('a period that is not closed has no flow', () => {
  expect(flowOfPeriod({ ...SUMMARY, pool: null })).toEqual([]);
});

it('payouts go from what was allocated to what is paid out', () => {
  const steps = flowOfPayouts('IDR', {
    allocated: '40.00',
    carried_in: '-1.00',
    adjustment: '0.00',
    held: '6.00',
    released: '0.00',
    returned: '0.00',
    carried_out: '9.00',
    gross: '24.00',
    withholding: '2.40',
    net: '21.60',
  });
  expect(changesFrom(steps)).toEqual([
    'left unpaid before -1.00',
    'held back -6.00',
    'left for the next run -9.00',
    'tax withheld -2.40',
  ]);
  expect(steps.at(-1)).toMatchObject({ label: 'paid out', amount: '21.60' });
});
