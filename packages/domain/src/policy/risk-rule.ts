/** Risk rules in the order in which they are asked: an event excluded by several is listed under the first. */
export const RISK_RULES = [
  'selfEngagement',
  'blockedViewers',
  'blockedCreators',
  'maxEventsPerViewerPerHour',
  'maxTogglesPerEngagement',
  'maxLikesPerPair',
  'minViewerAgeHours',
  'tooLate',
] as const;

export type RiskRule = (typeof RISK_RULES)[number];
