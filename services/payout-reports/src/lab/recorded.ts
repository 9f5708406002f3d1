import { listClosesWithPolicies } from '@rewardbook/db/books/closes';
import { requireProgram } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { boundsBy, startsWithClosed } from '@rewardbook/domain/values/closed-periods';
import { assertPeriodOf } from '@rewardbook/domain/values/period';
import { booksBefore } from '@rewardbook/lab/recording/books-before';
import { parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { OutcomeInputs } from '@rewardbook/simulate/whatif/outcome';
import type { ReportSource } from '../service/read-cursor.ts';
import type { KindOfProgram } from './kind-of-program.ts';
import { readRegistries } from './past-registries-sql.ts';
import { recordedState } from './recorded-events-sql.ts';
import type { EventSource, RecordedSource } from './work.ts';

type Books = Pick<OutcomeInputs, 'closed' | 'past'>;

/** Which events of which program, and what the question about them says. */
export interface AskedOfRecorded {
  readonly slug: string;
  /** Only what had happened by the end of this period. */
  readonly period: string | undefined;
  readonly kind: KindOfProgram;
}

/**
 * The recorded events of a program with what its closes saw of them, and the closes before the first period asked
 * about, with what they used: so a question with the inputs of a close has the result of that close.
 */
export async function recordedSource(
  sql: Sql,
  database: ReportSource,
  { slug, period, kind }: AskedOfRecorded,
  maxEvents: number,
): Promise<{ readonly source: EventSource; readonly contents: string }> {
  const program = await requireProgram(sql, slug);
  const { programId, periodKind, timeZone } = program;
  if (period !== undefined) {
    assertPeriodOf(program, period);
  }
  const closes = await listClosesWithPolicies(sql, programId);
  const begun = closes.map(({ period, startsAt, endsAt, policy, creatorsVersion, revenueEntries }) => ({
    ...{ period, start: startsAt, end: endsAt, policy, creatorsVersion },
    revenueEntries: parseAmount(revenueEntries, program.currency),
  }));
  const { lastBatch, batches, accepted } = await recordedState(sql, programId, closes.length);
  if (period === undefined && Number(accepted) > maxEvents) {
    throw new AppError('too-large', `${slug} has ${accepted} events; at most ${maxEvents} are asked about`);
  }
  const { closed, past } = booksBefore(begun, { currency: program.currency.code, timeZone, period: periodKind }, kind);
  // The others are closed and never change; the last may be under way, and be taken back.
  const last = past.at(-1);
  const used = last === undefined ? '' : `${last.policyHash} ${last.creatorsVersion} ${last.revenueEntries}`;
  const before = period === undefined ? null : boundsBy(startsWithClosed(periodKind, timeZone, begun), period).end;
  return {
    source: {
      kind: 'recorded',
      database,
      programId,
      lastBatch,
      closes: closes.length,
      before,
      closed,
      past,
    },
    contents: `recorded ${programId} ${lastBatch} ${batches} ${accepted} ${closes.length} ${period ?? ''} ${used}`,
  };
}

/** What the closes before the first period asked about left is worked out again from what they used. */
export async function readBooks({ database, programId, closed, past }: RecordedSource): Promise<Books> {
  if (past.length === 0) {
    return { closed };
  }
  const versions = past.map(({ creatorsVersion }) => creatorsVersion);
  const registries = await readRegistries(database, programId, versions);
  return {
    closed,
    past: past.map(({ creatorsVersion, ...close }) => ({ ...close, creators: registries.get(creatorsVersion) ?? [] })),
  };
}
