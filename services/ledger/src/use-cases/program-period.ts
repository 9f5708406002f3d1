import { type PeriodBounds, type PeriodKind, parsePeriod, periodBounds } from '@rewardbook/domain/period';
import { AppError } from '@rewardbook/runtime/errors';

const EXAMPLES: Record<PeriodKind, string> = { month: '2026-10', week: '2026-W43', day: '2026-10-15' };

/** Bounds of a period of a program. Throws AppError `bad-period` for labels that its periods do not have. */
export function boundsOfPeriod(program: { periodKind: PeriodKind; timeZone: string }, label: string): PeriodBounds {
  const period = parsePeriod(label);
  if (period === undefined || period.kind !== program.periodKind) {
    const example = EXAMPLES[program.periodKind];
    throw new AppError(
      'bad-period',
      `"${label}" is not a period of this program, whose periods are a ${program.periodKind} each, as ${example}`,
    );
  }
  return periodBounds(label, program.timeZone);
}
