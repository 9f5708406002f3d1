import { type CreatorBalance, creatorBalanceSchema } from '@rewardbook/contracts/api/creator-balance';
import { useQuery } from '@tanstack/react-query';
import { path } from '../../api/client.ts';
import { wholeOf } from '../../api/pages.ts';
import { Amount, AmountOrDash } from '../../blocks/amount.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { isZero } from '../../format/decimal-text.ts';

/** Where a creator's money is: estimated, final, held back, payable, in runs, paid; each step explained in its place. */
export function BalanceFigures({ program, creator }: { readonly program: string; readonly creator: string }) {
  const balance = useQuery(
    wholeOf(
      { service: 'reports', path: path`/v1/programs/${program}/creators/${creator}/balance` },
      creatorBalanceSchema,
    ),
  );
  return (
    <>
      <Reading of={balance} what="the balance" />
      {balance.data === undefined ? null : <Steps balance={balance.data} />}
    </>
  );
}

function Steps({ balance }: { readonly balance: CreatorBalance }) {
  const { currency, estimated, final, adjusted, held, payable, inRuns, paid, withheld, returned } = balance;
  return (
    <FigureRow>
      <Figure label="Estimated" note="for open periods, by what came in so far; a close decides">
        <AmountOrDash value={estimated} currency={currency} />
      </Figure>
      <Figure
        label="Earned"
        note={
          isZero(adjusted) ? (
            'final, by all closes'
          ) : (
            <>
              final, by all closes; adjustments <Amount value={adjusted} isChange />
            </>
          )
        }
      >
        <Amount value={final} currency={currency} />
      </Figure>
      <Figure
        label="Held back"
        note={isZero(held) ? 'nothing is held back now' : 'released after the periods that the policy names'}
      >
        <Amount value={held} currency={currency} />
      </Figure>
      <Figure label="Payable" note={<PayableNote balance={balance} />}>
        <Amount value={payable} currency={currency} />
      </Figure>
      {isZero(inRuns) ? null : (
        <Figure label="In runs" note="approved, and not yet paid by the bank">
          <Amount value={inRuns} currency={currency} />
        </Figure>
      )}
      <Figure
        label="Paid"
        note={
          <>
            net, by settled runs
            {isZero(withheld) ? null : (
              <>
                ; tax withheld <Amount value={withheld} />
              </>
            )}
            {isZero(returned) ? null : (
              <>
                ; came back <Amount value={returned} />
              </>
            )}
          </>
        }
      >
        <Amount value={paid} currency={currency} />
      </Figure>
    </FigureRow>
  );
}

function PayableNote({ balance: { owed, onHold, holds, drafted } }: { readonly balance: CreatorBalance }) {
  if (!isZero(owed)) {
    return (
      <>
        <Amount value={owed} /> is owed: later earnings repay it first
      </>
    );
  }
  if (!isZero(onHold)) {
    return (
      <>
        all of it on hold: <bdi>{holds.join(', ')}</bdi>
      </>
    );
  }
  return isZero(drafted) ? (
    'in the next payout run, if nothing keeps it'
  ) : (
    <>
      of it <Amount value={drafted} /> is in a draft that waits for approval
    </>
  );
}
