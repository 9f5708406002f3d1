import type { Sql } from '@rewardbook/db/client';
import { boundsBy, startsWithClosed } from '@rewardbook/domain/values/closed-periods';
import type { PeriodBounds, PeriodStarts } from '@rewardbook/domain/values/period';
import { closedBounds, lastClose } from '../close/sql/periods.ts';
import type { Program } from './sql.ts';

/** Where the periods of a program start: what its closes have fixed, then as the zone's rules say now. */
export async function startsOfProgram(
  sql: Sql,
  { programId, periodKind, timeZone }: Pick<Program, 'programId' | 'periodKind' | 'timeZone'>,
): Promise<PeriodStarts> {
  return startsWithClosed(periodKind, timeZone, await closedBounds(sql, programId));
}

/** The bounds of a period that no close has begun: it starts where the last one ended. @param label one of the program's periods */
export async function boundsOfOpen(
  sql: Sql,
  { programId, periodKind, timeZone }: Pick<Program, 'programId' | 'periodKind' | 'timeZone'>,
  label: string,
): Promise<PeriodBounds> {
  const last = await lastClose(sql, programId);
  const closed = last === undefined ? [] : [{ period: last.period, start: last.startsAt, end: last.endsAt }];
  return boundsBy(startsWithClosed(periodKind, timeZone, closed), label);
}
