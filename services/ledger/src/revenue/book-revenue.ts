import type { RevenueBody } from '@rewardbook/contracts/api/revenue';
import { requireProgram } from '@rewardbook/db/books/program';
import { revenueEntry, revenueKey } from '@rewardbook/domain/books/revenue-entry';
import { formatDate } from '@rewardbook/domain/values/calendar';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { firstDate, lastDate, type PeriodKind, periodAt, periodOf } from '@rewardbook/domain/values/period';
import { localDate } from '@rewardbook/domain/values/time-zone';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Gated } from '../approvals/gate.ts';
import { boundsOfPeriod } from '../programs/program-starts.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import { bookRevenue as callBookRevenue, listRevenue, type RevenueRow } from './sql.ts';

export type BookedRevenue = RevenueRow & { readonly repeated: boolean };

/**
 * Books revenue for a period that is not closing. The reference makes it idempotent: `repeated` if already booked.
 *
 * @param now server clock, epoch milliseconds
 * @throws AppError `program-unknown`, `bad-period`; MoneyError; BooksRefused `reference-conflict`, `period-closed`, `corrects-unknown`
 */
export async function bookRevenue(
  ledger: Ledger,
  slug: string,
  { period, amount, reference, corrects }: RevenueBody,
  { actor, now }: Caller,
): Promise<BookedRevenue> {
  const program = await requireProgram(ledger.sql, slug);
  const bounds = boundsOfPeriod(program, period);
  assertNear(program, period, now);
  const minor = parseAmount(amount, program.currency);
  const bookedOn = withinPeriod(formatDate(localDate(now, program.timeZone)), period);
  const entry = revenueEntry({ period, amount: minor, reference, bookedOn, corrects });

  const created = await callBookRevenue(ledger.sql, {
    programId: program.programId,
    period,
    startsAt: bounds.start,
    effectiveAt: entry.effectiveAt,
    amount: formatAmount(minor, program.currency),
    reference,
    corrects: entry.reverses,
    actor,
  });
  const [row] = await listRevenue(ledger.sql, program.programId, { reference, after: '', limit: 1 });
  if (row === undefined) {
    throw new Error(`revenue ${reference} is not there after it was booked`);
  }
  return { ...row, repeated: !created };
}

/** A booking of revenue, which may need a second person. @throws as `bookRevenue` */
export async function planRevenue(
  ledger: Ledger,
  slug: string,
  body: RevenueBody,
  by: Caller,
): Promise<Gated<BookedRevenue>> {
  const { programId, currency } = await requireProgram(ledger.sql, slug);
  const amount = formatAmount(parseAmount(body.amount, currency), currency);
  const payload = canonicalJson({ ...body, amount });
  return {
    act: () => bookRevenue(ledger, slug, body, by),
    request: () => ({ programId, kind: 'revenue', key: revenueKey(body.reference), payload, actor: by.actor }),
  };
}

// A program of days has five and a half years of them, one of months 166 years.
const MAX_PERIODS_AWAY = 2_000;

/**
 * A program begins with the earliest period that has revenue, and closes each one since: a year that was mistyped would ask for
 * thousands of closes.
 */
function assertNear(program: { periodKind: PeriodKind; timeZone: string }, period: string, now: number): void {
  const today = periodAt(now, program.periodKind, program.timeZone);
  const away = Math.abs(periodOf(period).ordinal - periodOf(today).ordinal);
  if (away <= MAX_PERIODS_AWAY) {
    return;
  }
  throw new AppError(
    'bad-period',
    `${period} is ${away} periods from today's, ${today}; revenue is booked for periods within ${MAX_PERIODS_AWAY} of it. Look at the year`,
  );
}

/** Revenue takes effect in the period that earned it: on the day of booking, or the period's nearest one. */
function withinPeriod(date: string, period: string): string {
  const [first, last] = [firstDate(period), lastDate(period)];
  if (date < first) {
    return first;
  }
  return date > last ? last : date;
}
