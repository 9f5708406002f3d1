import type { ChangedFigure, PolicyView } from '@rewardbook/lab/view/policy-view';
import type { ReactNode } from 'react';
import { Amount } from '../../blocks/amount.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { groupCount } from '../../format/counts.ts';
import { groupDigits, isNegative, isZero, percentOf } from '../../format/decimal-text.ts';

/** The four figures that are looked at first, each with its difference. */
export function HeadFigures({ view }: { readonly view: PolicyView }) {
  const { currency, pool, paid, moneyMoved, gini, winners, losers, unchanged } = view;
  return (
    <FigureRow>
      <Figure label="Pool" note={<Difference figure={pool} what="pool" />}>
        <Amount value={pool.after ?? ''} currency={currency} />
      </Figure>
      <Figure label="Paid creators" note={<Difference figure={paid} what="paid creators" />}>
        {groupDigits(paid.after ?? '')}
      </Figure>
      <Figure
        label="Money moved"
        note={`${groupCount(winners)} win, ${groupCount(losers)} lose, ${groupCount(unchanged)} have the same`}
      >
        <Amount value={moneyMoved} currency={currency} />
      </Figure>
      <Figure label="Gini (inequality)" note={<Difference figure={gini} what="Gini" />}>
        {gini.after ?? 'none'}
      </Figure>
    </FigureRow>
  );
}

/** Undistributed money and shares of the top. */
export function MoreFigures({ view }: { readonly view: PolicyView }) {
  const { currency, undistributed, top } = view;
  return (
    <FigureRow>
      <Figure label="Undistributed" note={<Difference figure={undistributed} what="undistributed money" />}>
        <Amount value={undistributed.after ?? ''} currency={currency} />
      </Figure>
      {top.map((figure) => (
        <Figure
          key={figure.percent}
          label={`Share of the top ${figure.percent}%`}
          note={<Difference figure={figure} what={`share of the top ${figure.percent}%`} write={percentOf} />}
        >
          {figure.after === null ? 'none' : percentOf(figure.after)}
        </Figure>
      ))}
    </FigureRow>
  );
}

interface DifferenceProps {
  readonly figure: ChangedFigure;
  readonly what: string;
  write?(text: string): ReactNode;
}

function Difference({ figure: { before, difference }, what, write = groupDigits }: DifferenceProps) {
  if (before === null || difference === null) {
    return before === null ? 'none under the baseline' : 'none under the candidate';
  }
  if (isZero(difference)) {
    return `No difference in ${what}`;
  }
  return (
    <>
      <span className="amount">
        {isNegative(difference) ? '' : '+'}
        {write(difference)}
      </span>{' '}
      from {write(before)}
    </>
  );
}
