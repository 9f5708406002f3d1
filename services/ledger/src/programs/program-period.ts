import { type PeriodBounds, type PeriodKind, parsePeriod, periodBounds } from '@rewardbook/domain/values/period';
import { AppError } from '@rewardbook/runtime/http/errors';

const EXAMPLES: Record<PeriodKind, string> = { month: '2026-10', week: '2026-W43', day: '2026-10-15' };

/** Bounds of a period by the rules of the program's zone. Throws AppError `bad-period` for labels that its periods do not have. */
export function boundsOfPeriod(program: { periodKind: PeriodKind; timeZone: string }, label: string): PeriodBounds {
  assertPeriodOf(program, label);
  return periodBounds(label, program.timeZone);
}

/** Throws AppError `bad-period` for labels that a program's periods do not have. */
export function assertPeriodOf(program: { readonly periodKind: PeriodKind }, label: string): void {
  const period = parsePeriod(label);
  if (period === undefined || period.kind !== program.periodKind) {
    const example = EXAMPLES[program.periodKind];
    throw new AppError(
      'bad-period',
      `"${label}" is not a period of this program, whose periods are a ${program.periodKind} each, as ${example}`,
    );
  }
}
