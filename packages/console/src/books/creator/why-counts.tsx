import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { Link } from '@tanstack/react-router';
import { Figures } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { counted } from '../../format/counts.ts';
import { isZero } from '../../format/decimal-text.ts';

/** The first half of a derivation: events, engagements, points, eligibility. */
export function CountSteps({ told }: { readonly told: Explanation }) {
  return (
    <>
      <EventsStep told={told} />
      <EngagementsStep told={told} />
      <PointsStep told={told} />
      <EligibilityStep told={told} />
    </>
  );
}

function EventsStep({ told: { events } }: { readonly told: Explanation }) {
  const { likes, unlikes, follows, unfollows } = events.counted;
  return (
    <li>
      <h2>Events</h2>
      <p>
        This close judged the events recorded for this creator. {counted(likes, 'like')}, {counted(unlikes, 'unlike')},{' '}
        {counted(follows, 'follow')} and {counted(unfollows, 'unfollow')} count.
      </p>
      {events.excluded.map(({ rule, likes: excludedLikes, follows: excludedFollows }) => (
        <p key={rule}>
          The rule <code>{rule}</code> excluded {counted(excludedLikes, 'like')} and{' '}
          {counted(excludedFollows, 'follow')}:{' '}
          <Link
            from="/books/$program/creators/$creator/why/$period"
            search={(before) => ({ ...before, rule })}
            resetScroll={false}
          >
            show them below
          </Link>
          .
        </p>
      ))}
    </li>
  );
}

function EngagementsStep({ told: { engagements } }: { readonly told: Explanation }) {
  const { gained, lost, lostVoid } = engagements;
  return (
    <li>
      <h2>Engagements</h2>
      <p>
        Each engagement earns once. This close gained {counted(gained.likes, 'like')} and{' '}
        {counted(gained.follows, 'follow')}, and lost {counted(lost.likes, 'like')} and{' '}
        {counted(lost.follows, 'follow')} that an earlier close had gained.
        {lostVoid.likes + lostVoid.follows === 0
          ? ''
          : ` ${counted(lostVoid.likes, 'like')} and ${counted(lostVoid.follows, 'follow')} more were lost without a cost: what they gained had been void.`}
      </p>
    </li>
  );
}

function PointsStep({ told: { points } }: { readonly told: Explanation }) {
  const { carriedIn, likeWeight, followWeight, netLikes, netFollows, total, carriedOut, boosts, used } = points;
  return (
    <li>
      <h2>Points</h2>
      <p>
        <Figures value={carriedIn} /> carried in + {likeWeight} × {counted(netLikes, 'net like')} + {followWeight} ×{' '}
        {counted(netFollows, 'net follow')} ={' '}
        <strong>
          <Figures value={total} /> points
        </strong>
        .
      </p>
      {boosts.map(({ name, multiplier, applied }) => (
        <p key={name}>
          The boost “<bdi>{name}</bdi>” multiplies by {multiplier}: {applied ? 'it applies' : 'it does not apply'}.
        </p>
      ))}
      <p>
        {points.void && isZero(used) ? 'They are void: used up for nothing.' : null} The split uses{' '}
        <Figures value={used} />.
        {isZero(carriedOut) ? null : (
          <>
            {' '}
            <Figures value={carriedOut} /> are carried to the next close.
          </>
        )}
      </p>
    </li>
  );
}

function EligibilityStep({ told: { eligibility } }: { readonly told: Explanation }) {
  return (
    <li>
      <h2>Eligibility</h2>
      <p>
        {eligibility.eligible
          ? 'The creator has points and meets every condition of the policy.'
          : 'The creator is not eligible, and gets nothing from this pool.'}
      </p>
      {eligibility.conditions.map(({ condition, required, seen, holds }) => (
        <p key={condition}>
          <Badge tone={holds ? 'good' : 'bad'}>{holds ? 'met' : 'not met'}</Badge> <code>{condition}</code>: the policy
          asks for {required}, the close saw {seen ?? 'nothing'}.
        </p>
      ))}
    </li>
  );
}
