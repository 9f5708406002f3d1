import type { RunPayoutTotals, SummaryRow } from '@rewardbook/contracts/api/reports';
import { isZero, negated, sumOf } from '../format/decimal-text.ts';

/** A step of a flow: what comes on top or goes off, or what there is after the steps so far. */
export interface FlowStep {
  readonly label: string;
  readonly kind: 'change' | 'total';
  /** Signed where it is a change. */
  readonly amount: string;
  /** What there is once it is done. */
  readonly after: string;
}

/** Columns of payout rows, in the order in which they turn what was allocated into what is paid. */
const PAYOUT_STEPS = [
  { column: 'carried_in', label: 'left unpaid before', isOff: false },
  { column: 'adjustment', label: 'adjustments', isOff: false },
  { column: 'held', label: 'held back', isOff: true },
  { column: 'released', label: 'holdbacks released', isOff: false },
  { column: 'returned', label: 'payouts that came back', isOff: false },
  { column: 'carried_out', label: 'left for the next run', isOff: true },
] as const;

/**
 * Money of a closed period from revenue to what is allocated. Each step's `after` is the one before it plus its amount, so the
 * last is what the books have; where they did not agree, the difference would be a step of its own.
 */
export function flowOfPeriod(summary: SummaryRow): FlowStep[] {
  const { currency, revenue, funded, rolled_over, pool, undistributed, allocated } = summary;
  if (funded === null || rolled_over === null || pool === null || undistributed === null || allocated === null) {
    return [];
  }
  const flow = startFlow(currency, 'revenue', revenue);
  flow.change('kept by the platform', negated(currency, sumOf(currency, [revenue, negated(currency, funded)])));
  flow.change('rolled over from before', rolled_over);
  flow.total('pool', pool);
  flow.change('undistributed', negated(currency, undistributed));
  flow.total('allocated to creators', allocated);
  return flow.steps;
}

/** From what closes allocated to what a run pays into accounts, over all its creators. Steps of nothing are left out. */
export function flowOfPayouts(currency: string, totals: Omit<RunPayoutTotals, 'count'>): FlowStep[] {
  const flow = startFlow(currency, 'allocated to creators', totals.allocated);
  for (const { column, label, isOff } of PAYOUT_STEPS) {
    flow.change(label, isOff ? negated(currency, totals[column]) : totals[column]);
  }
  flow.total('paid before tax', totals.gross);
  flow.change('tax withheld', negated(currency, totals.withholding));
  flow.total('paid out', totals.net);
  return flow.steps;
}

function startFlow(currency: string, label: string, amount: string) {
  const steps: FlowStep[] = [{ label, kind: 'total', amount, after: amount }];
  const after = (): string => steps.at(-1)?.after ?? amount;
  const change = (name: string, difference: string): void => {
    if (!isZero(difference)) {
      steps.push({ label: name, kind: 'change', amount: difference, after: sumOf(currency, [after(), difference]) });
    }
  };
  return {
    steps,
    change,
    total(name: string, booked: string): void {
      change('not explained', sumOf(currency, [booked, negated(currency, after())]));
      steps.push({ label: name, kind: 'total', amount: booked, after: booked });
    },
  };
}
