const WORDS: Readonly<Record<string, string>> = {
  program: 'Program',
  name: 'Name',
  currency: 'Currency',
  timeZone: 'Time zone',
  period: 'A period is a',
  revenueShare: 'Share of the revenue that goes into the pool',
  'weights.like': 'Points of a like',
  'weights.follow': 'Points of a follow',
  'allocation.method': 'How the pool is split',
  'allocation.maxShare': 'Most of the pool that one creator gets',
  'allocation.lambda': 'Part of the blend that is pro rata',
  'eligibility.registeredOnly': 'Only registered creators earn',
  'eligibility.minFollowers': 'Followers needed',
  'eligibility.minPoints': 'Points needed, before boosts',
  'eligibility.minAccountAgeDays': 'Days since joining needed',
  'eligibility.countries': 'Countries whose creators earn',
  boosts: 'Boosts',
  risk: 'Rules against fraud',
  'risk.blockedViewers': 'Viewers who do not count',
  'risk.blockedCreators': 'Creators who do not earn',
  'risk.maxEventsPerViewerPerHour': 'Events of a viewer in an hour that count',
  'risk.maxTogglesPerEngagement': 'Times that a like or follow may change',
  'risk.maxLikesPerPair': 'Likes of a viewer for one creator that count',
  'risk.minViewerAgeHours': 'Hours since a viewer’s first event needed',
  maxLatePeriods: 'Closes after which an event is too late',
  undistributed: 'What becomes of what is not given',
  'payout.minimum': 'Least balance that is paid',
  'payout.roundTo': 'Payouts are multiples of',
  'payout.holdback.share': 'Share that is held back',
  'payout.holdback.periods': 'Closes until it is released',
  'payout.withholding': 'Tax withheld',
  approvals: 'What needs a second person',
};

/** What a provision is, in words; undefined where its place says it all. */
export function wordsOf(path: string): string | undefined {
  if (path.startsWith('payout.withholding.')) {
    return `Tax withheld, ${path.slice('payout.withholding.'.length)}`;
  }
  return Object.hasOwn(WORDS, path) ? WORDS[path] : undefined;
}
