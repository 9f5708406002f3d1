import type { IngestRates, IngestSecond } from '@rewardbook/contracts/api/live/ingest';

export const OUTCOMES = ['accepted', 'duplicates', 'conflicts', 'rejected'] as const;
export type IngestOutcomeName = (typeof OUTCOMES)[number];

/** Seconds that a headline rate is the mean of: one alone jumps. */
const RECENT_SECONDS = 10;

/** Every second that is told, in order, those without events too. */
export function everySecond({ now, from, seconds }: IngestRates): IngestSecond[] {
  const bySecond = new Map(seconds.map((one) => [one.second, one]));
  return Array.from({ length: Math.max(0, now - from) }, (_, index) => {
    const second = from + index;
    return bySecond.get(second) ?? { second, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
  });
}

export interface Rate {
  /** Events a second, the mean of the last ten. */
  readonly perSecond: number;
  /** Events in all seconds of the window. */
  readonly total: number;
}

export function rateOf(rates: IngestRates, outcome: IngestOutcomeName): Rate {
  const all = everySecond(rates);
  const recent = all.slice(-RECENT_SECONDS);
  const sum = (some: readonly IngestSecond[]): number => some.reduce((count, second) => count + second[outcome], 0);
  return { perSecond: sum(recent) / Math.max(1, recent.length), total: sum(all) };
}

/** A rate as people read it: whole from ten on. */
export function rateText(perSecond: number): string {
  const digits = perSecond === 0 || perSecond >= 10 ? 0 : 1;
  return perSecond.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
