import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { useMemo } from 'react';
import { Amount, AmountOrDash } from '../../blocks/amount.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { isZero } from '../../format/decimal-text.ts';
import { describeWaiting, ladderOf } from './ladder.ts';

/** The same steps as of a point in time, by the statement of then. */
export function PastFigures({ currency, rows }: { readonly currency: string; readonly rows: readonly StatementRow[] }) {
  const ladder = useMemo(() => ladderOf(currency, rows), [currency, rows]);
  return (
    <FigureRow>
      <Figure label="Estimated" note="for open periods, by what came in so far; a close decides">
        <AmountOrDash value={ladder.estimated} currency={currency} />
      </Figure>
      <Figure
        label="Earned"
        note={
          isZero(ladder.other) ? (
            'final, by all closes'
          ) : (
            <>
              final, by all closes; adjustments <Amount value={ladder.other} isChange />
            </>
          )
        }
      >
        <Amount value={ladder.earned} currency={currency} />
      </Figure>
      <Figure label="Held back" note={describeWaiting(ladder) ?? 'nothing is held back now'}>
        <Amount value={ladder.held} currency={currency} />
      </Figure>
      <Figure label="Available" note="in the next payout run, if nothing keeps it">
        <Amount value={ladder.available} currency={currency} />
      </Figure>
      <Figure label="Paid" note="by approved runs, tax included, less what came back">
        <Amount value={ladder.paid} currency={currency} />
      </Figure>
    </FigureRow>
  );
}
