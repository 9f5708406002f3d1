import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { visible } from '@rewardbook/contracts/values/visible';
import { grouped, groupedCount, renderFacts } from '../../terminal/table.ts';

type Facts = readonly (readonly [string, string])[];

/** An explanation on a page, in the order in which the amount came about. */
export function describeExplanation(told: Explanation): string {
  const { creator, period, program, currency, amount, close } = told;
  const sections: [string, Facts][] = [
    ['Events judged by this close', eventFacts(told)],
    ['Engagements', engagementFacts(told)],
    ['Points', pointFacts(told)],
    ['Eligibility', eligibilityFacts(told)],
    ['Pool', poolFacts(told)],
    ['Share', shareFacts(told)],
    ...(told.scouts === undefined ? [] : [['Scouts', scoutFacts(told.scouts)] satisfies [string, Facts]]),
    ['Payout', payoutFacts(told)],
    ['Journal entries', entryFacts(told)],
  ];
  const head = renderFacts([
    ['creator', visible(creator)],
    ['period', `${period} of ${program}, ${close.start} to ${close.end}`],
    ['policy', `version ${close.policyVersion}, ${close.policyHash}`],
    ['result hash', close.resultHash],
    ['amount', `${currency} ${grouped(amount)}`],
  ]);
  const body = sections.map(([title, facts]) => `\n${title}\n${indented(facts)}`).join('');
  return `${head}${body}\nengagements  ${told.engagements.link}\nevents       ${told.events.link}\n`;
}

function indented(facts: Facts): string {
  return facts.length === 0 ? '  none\n' : renderFacts(facts.map(([name, value]) => [`  ${name}`, value]));
}

function eventFacts({ events }: Explanation): Facts {
  const { likes, unlikes, follows, unfollows } = events.counted;
  return [
    [
      'counted',
      `${of(likes, 'like')}, ${of(unlikes, 'unlike')}, ${of(follows, 'follow')}, ${of(unfollows, 'unfollow')}`,
    ],
    ...events.excluded.map(
      (one) => [`excluded: ${one.rule}`, `${of(one.likes, 'like')}, ${of(one.follows, 'follow')}`] as const,
    ),
  ];
}

function engagementFacts({ engagements }: Explanation): Facts {
  const text = ({ likes, follows }: { likes: number; follows: number }): string =>
    `${of(likes, 'like')}, ${of(follows, 'follow')}`;
  const { gained, lost, lostVoid } = engagements;
  return [
    ['gained', text(gained)],
    ['lost', text(lost)],
    ...(lostVoid.likes + lostVoid.follows === 0 ? [] : [['lost without cost', text(lostVoid)] as const]),
  ];
}

function pointFacts({ points }: Explanation): Facts {
  const { carriedIn, likeWeight, followWeight, netLikes, netFollows, total, carriedOut, boosts, used } = points;
  return [
    [
      'points',
      `${carriedIn} carried in + ${likeWeight} × ${netLikes} likes + ${followWeight} × ${netFollows} follows = ${total}`,
    ],
    ...boosts.map(
      ({ name, multiplier, applied }) =>
        [`boost ${name}`, `× ${multiplier}: ${applied ? 'applied' : 'not applied'}`] as const,
    ),
    ['used', points.void && used === '0' ? '0: they are void' : used],
    ['carried out', carriedOut],
  ];
}

function eligibilityFacts({ eligibility }: Explanation): Facts {
  return [
    ['eligible', eligibility.eligible ? 'yes' : 'no'],
    ...eligibility.conditions.map(
      ({ condition, required, seen, holds }) =>
        [condition, `${holds ? 'met' : 'not met'}: asks ${required}, saw ${seen ?? 'nothing'}`] as const,
    ),
  ];
}

function poolFacts({ pool }: Explanation): Facts {
  return [
    [
      'revenue',
      `${grouped(pool.revenue)}: ${grouped(pool.revenueEntries)} booked, ${grouped(pool.revenueCarriedIn)} carried in`,
    ],
    ['funded', `${grouped(pool.funded)}, a share of ${pool.revenueShare}`],
    ['rolled over', grouped(pool.rolledOver)],
    ['pool', `${grouped(pool.pool)}: ${grouped(pool.allocated)} allocated, ${grouped(pool.undistributed)} not`],
  ];
}

function scoutFacts({ scoutedBy, share, paidBy, earned, creatorsScouted }: NonNullable<Explanation['scouts']>): Facts {
  return [
    [
      'scouted by',
      scoutedBy === null
        ? 'nobody'
        : `${scoutedBy.scoutId} on ${scoutedBy.scoutedOn}, who gets ${share} of ${grouped(scoutedBy.base)} = ${grouped(scoutedBy.commission)}, paid by the ${paidBy}, until ${scoutedBy.until}`,
    ],
    ['as a scout', `${grouped(earned)} for ${of(creatorsScouted, 'creator')}`],
  ];
}

function shareFacts({ share }: Explanation): Facts {
  const facts: [string, string][] = [
    [
      'weight',
      `${grouped(share.weight)} of ${grouped(share.totalWeight)} (${share.method}, ${of(share.sharingCreators, 'creator')})`,
    ],
  ];
  if (share.units !== null) {
    facts.push([
      'units',
      `${grouped(share.units.units)} of ${of(share.units.viewers, 'viewer')}, who split 10^18 each`,
    ]);
  }
  if (share.cap !== null) {
    const { maxShare, amount, rounds, decidedInRound, isCapped } = share.cap;
    facts.push([
      'cap',
      `${grouped(amount)}, a share of ${maxShare}; ${isCapped ? 'reached' : 'not reached'} in round ${decidedInRound} of ${rounds.length}`,
    ]);
    for (const [index, round] of rounds.entries()) {
      facts.push([
        `round ${index + 1}`,
        `${grouped(round.pool)} by ${grouped(round.totalWeight)}: ${groupedCount(round.capped)} above the cap`,
      ]);
    }
  }
  if (share.quota !== null) {
    const { numerator, denominator, reducedNumerator, reducedDenominator } = share.quota;
    facts.push(['quota', `${numerator}/${denominator} = ${reducedNumerator}/${reducedDenominator} minor units`]);
    facts.push(['floor', grouped(share.floor)]);
    facts.push(['remainder', `${share.remainder}/${share.roundTotalWeight}`]);
  }
  if (share.rank !== null) {
    const unit = share.getsUnit ? 'gets one of' : 'gets none of';
    facts.push([
      'rank',
      `${groupedCount(share.rank)} of ${of(share.rankedCreators, 'remainder')}: ${unit} ${grouped(share.unitsLeft)} minor units left`,
    ]);
  }
  return [...facts, ['amount', grouped(share.amount)]];
}

function payoutFacts({ payout }: Explanation): Facts {
  const { holdback, payments } = payout;
  return [
    ...(holdback === null
      ? []
      : [['held back', `${grouped(holdback.amount)}, released after ${holdback.releasedAfter}`] as const]),
    ...payments.map((payment) => {
      const tax = payment.taxCountry === null ? '' : ` (${payment.taxCountry})`;
      const state = payment.returned ? 'returned' : (payment.reason ?? payment.runStatus);
      const before = /[1-9]/.test(payment.taxedBefore)
        ? `, of which ${grouped(payment.taxedBefore)} were taxed before,`
        : '';
      const sums = `gross ${grouped(payment.gross)}${before} − withheld ${grouped(payment.withheld)}${tax} = net ${grouped(payment.net)}`;
      return [
        `run ${payment.runId}`,
        `${payment.status}, ${state}: available ${grouped(payment.available)}, ${sums}`,
      ] as const;
    }),
  ];
}

function entryFacts({ entries }: Explanation): Facts {
  return entries.map(({ seq, entryKey, hash, postings }) => {
    const own = postings.map(({ account, amount }) => `${account} ${grouped(amount)}`).join(', ');
    return [`${seq} ${entryKey}`, own === '' ? hash : `${hash}  ${own}`] as const;
  });
}

function of(count: number, name: string): string {
  return `${groupedCount(count)} ${name}${count === 1 ? '' : 's'}`;
}
