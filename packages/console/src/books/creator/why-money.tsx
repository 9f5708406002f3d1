import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { Amount, Balance, Figures } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { isZero, percentOf } from '../../format/decimal-text.ts';
import { EntryLink, RunLink } from '../links.tsx';

/** The second half of a derivation: pool, share, payout, books. */
export function MoneySteps({ told }: { readonly told: Explanation }) {
  return (
    <>
      <PoolStep told={told} />
      <ShareStep told={told} />
      <PayoutStep told={told} />
      <BooksStep told={told} />
    </>
  );
}

function PoolStep({ told: { pool, currency } }: { readonly told: Explanation }) {
  return (
    <li>
      <h2>Pool</h2>
      <p>
        Revenue of <Amount value={pool.revenue} currency={currency} />
        {isZero(pool.revenueCarriedIn) ? null : (
          <>
            {' '}
            (<Amount value={pool.revenueEntries} /> booked, <Amount value={pool.revenueCarriedIn} /> carried in)
          </>
        )}{' '}
        at a share of {percentOf(pool.revenueShare)} funds <Amount value={pool.funded} />
        {isZero(pool.rolledOver) ? null : (
          <>
            , and <Amount value={pool.rolledOver} /> rolled over from before
          </>
        )}
        . The pool is <Amount value={pool.pool} currency={currency} />: <Amount value={pool.allocated} /> allocated,{' '}
        <Amount value={pool.undistributed} /> not.
      </p>
    </li>
  );
}

function ShareStep({ told: { share, currency } }: { readonly told: Explanation }) {
  const { method, weight, totalWeight, sharingCreators, units, cap } = share;
  return (
    <li>
      <h2>Share</h2>
      <p>
        By the method <code>{method}</code>, the creator’s weight is <Figures value={weight} /> of{' '}
        <Figures value={totalWeight} />, over {counted(sharingCreators, 'creator')}.
        {units === null ? null : (
          <>
            {' '}
            {counted(units.viewers, 'viewer')} gave parts of theirs: <Figures value={units.units} /> of 10<sup>18</sup>{' '}
            units each.
          </>
        )}
      </p>
      {cap === null ? null : (
        <p>
          No creator gets more than {percentOf(cap.maxShare)} of the pool, <Amount value={cap.amount} />.{' '}
          {cap.isCapped ? 'This creator gets just that' : 'This creator stays below it'}, decided in round{' '}
          {cap.decidedInRound} of {cap.rounds.length}.
        </p>
      )}
      <Rounding share={share} />
      <p>
        So the amount is{' '}
        <strong>
          <Amount value={share.amount} currency={currency} />
        </strong>
        .
      </p>
    </li>
  );
}

/** How the exact quota becomes whole minor units. */
function Rounding({ share }: { readonly share: Explanation['share'] }) {
  const { quota, cap, roundPool, weight, roundTotalWeight, floor, rank, rankedCreators, getsUnit, unitsLeft } = share;
  if (quota === null) {
    return null;
  }
  if (cap?.isCapped === true) {
    return (
      <p>
        Its exact part, <Amount value={roundPool} /> × <Figures value={weight} /> / <Figures value={roundTotalWeight} />
        , is above the cap.
      </p>
    );
  }
  return (
    <p>
      Exactly, <Amount value={roundPool} /> × <Figures value={weight} /> / <Figures value={roundTotalWeight} />; rounded
      down to the smallest unit, <Amount value={floor} />.
      {rank === null ? null : (
        <>
          {' '}
          Then <Figures value={unitsLeft} /> {unitsLeft === '1' ? 'unit is' : 'units are'} left for the largest
          remainders. This creator’s is number {groupCount(rank)} of {groupCount(rankedCreators)}, and{' '}
          {getsUnit ? 'gets one' : 'gets none'}.
        </>
      )}
    </p>
  );
}

function PayoutStep({ told: { payout, program, currency } }: { readonly told: Explanation }) {
  const { holdback, payments } = payout;
  return (
    <li>
      <h2>Payout</h2>
      {holdback === null ? null : (
        <p>
          <Amount value={holdback.amount} currency={currency} /> are held back, and released after the close of{' '}
          {holdback.releasedAfter}.
        </p>
      )}
      {payments.length === 0 ? <p>No payout run has this creator since then.</p> : null}
      {payments.map((payment) => (
        <p key={payment.runId}>
          <RunLink program={program} run={payment.runId} />{' '}
          <StatusBadge status={payment.returned ? 'returned' : payment.status} /> of{' '}
          <Amount value={payment.available} /> available, gross <Amount value={payment.gross} /> − tax{' '}
          <Amount value={payment.withheld} />
          {payment.taxCountry === null ? '' : ` (${payment.taxCountry})`} = net <Amount value={payment.net} />.
          {payment.reason === null ? null : (
            <>
              {' '}
              <bdi>{payment.reason}</bdi>
            </>
          )}
        </p>
      ))}
    </li>
  );
}

function BooksStep({ told: { entries, program } }: { readonly told: Explanation }) {
  return (
    <li>
      <h2>In the books</h2>
      {entries.map(({ seq, entryKey, postings }) => (
        <p key={seq}>
          Entry {groupCount(seq)}, <EntryLink program={program} entryKey={entryKey} />
          {postings.map(({ line, account, amount }) => (
            <span key={line}>
              {' '}
              · <bdi>{account.slice(account.lastIndexOf(':') + 1)}</bdi> <Balance value={amount} />
            </span>
          ))}
        </p>
      ))}
    </li>
  );
}
