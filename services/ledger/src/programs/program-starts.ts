import { lastClose, listClosedBounds } from '@rewardbook/db/books/closes';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { boundsBy, startsWithClosed } from '@rewardbook/domain/values/closed-periods';
import { assertPeriodOf, type PeriodBounds, type PeriodStarts, periodBounds } from '@rewardbook/domain/values/period';

/** Where the periods of a program start: what its closes have fixed, then as the zone's rules say now. */
export async function startsOfProgram(
  sql: Sql,
  { programId, periodKind, timeZone }: Pick<Program, 'programId' | 'periodKind' | 'timeZone'>,
): Promise<PeriodStarts> {
  return startsWithClosed(periodKind, timeZone, await listClosedBounds(sql, programId));
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

/** The bounds of a period by the rules of the program's zone. Throws DomainError `bad-period` for labels of other periods. */
export function boundsOfPeriod(program: Pick<Program, 'periodKind' | 'timeZone'>, label: string): PeriodBounds {
  assertPeriodOf(program, label);
  return periodBounds(label, program.timeZone);
}
