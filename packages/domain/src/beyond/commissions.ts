import type { CreatorFacts } from '../policy/creator.ts';
import type { ScoutsPolicy } from '../policy/policy.ts';
import { formatPeriod, type PeriodKind, periodOf, periodOfDate } from '../values/period.ts';
import { shareOf } from '../values/share-of.ts';
import { compareUtf8 } from '../values/utf8-order.ts';
import type { CommissionRow } from './close-parts.ts';

/** A registered creator who was scouted. */
export interface Scouted {
  readonly creatorId: string;
  readonly scoutId: string;
  /** `YYYY-MM-DD`, a date in the program's zone. */
  readonly scoutedOn: string;
}

/** Those of the creators who were scouted. */
export function* scoutedOf(creators: Iterable<CreatorFacts>): Generator<Scouted> {
  for (const { creatorId, scoutId, scoutedOn } of creators) {
    if (scoutId != null && scoutedOn != null) {
      yield { creatorId, scoutId, scoutedOn };
    }
  }
}

/**
 * `floor(amount × share)` to the scout of each creator who was scouted in this period or less than `periods` periods before.
 *
 * @param allocated what the close gives each creator from the pool and from campaigns, minor units
 * @returns those above zero, by scoutId and creatorId
 */
export function commissionsOf(
  { share, periods }: Pick<ScoutsPolicy, 'share' | 'periods'>,
  period: string,
  scouted: Iterable<Scouted>,
  allocated: ReadonlyMap<string, bigint>,
): CommissionRow[] {
  const rows: CommissionRow[] = [];
  for (const { creatorId, scoutId, scoutedOn } of scouted) {
    const amount = shareOf(allocated.get(creatorId) ?? 0n, share);
    if (amount > 0n && isScoutedIn(period, scoutedOn, periods)) {
      rows.push({ scoutId, creatorId, amount });
    }
  }
  return rows.sort((a, b) => compareUtf8(a.scoutId, b.scoutId) || compareUtf8(a.creatorId, b.creatorId));
}

function isScoutedIn(period: string, scoutedOn: string, periods: number): boolean {
  const { kind, ordinal } = periodOf(period);
  const since = ordinal - periodOfDate(kind, scoutedOn).ordinal;
  return since >= 0 && since < periods;
}

/** The last period in which a scout gets something for a creator. */
export function lastScoutedPeriod(kind: PeriodKind, scoutedOn: string, periods: number): string {
  return formatPeriod({ kind, ordinal: periodOfDate(kind, scoutedOn).ordinal + periods - 1 });
}
