import type { RecordingHead } from '@rewardbook/contracts/api/lab-recording';
import { listClosesWithPolicies } from '@rewardbook/db/books/closes';
import { readHead, requireProgram } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { boundsBy, startsWithClosed } from '@rewardbook/domain/values/closed-periods';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { assertPeriodOf } from '@rewardbook/domain/values/period';
import { AppError } from '@rewardbook/runtime/http/errors';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import type { ReportSource } from '../service/read-cursor.ts';
import { registryRows } from './past-registries-sql.ts';
import { recordedEvents, recordedState } from './recorded-events-sql.ts';

const LINES_PER_PIECE = 500;

export interface RecordingOf {
  readonly slug: string;
  /** Only what had happened by the end of this period. */
  readonly period: string | undefined;
}

/**
 * What a program's closes saw, as NDJSON: a head with the closes and what they used, the creators of all versions of the registry, the
 * accepted events with the close that saw each first, and an end. Whoever reads it can answer as the service does.
 *
 * @throws BooksRefused `program-unknown`, DomainError `bad-period`, AppError `too-large`
 */
export async function recordingOf(
  sql: Sql,
  source: ReportSource,
  { slug, period }: RecordingOf,
  maxEvents: number,
): Promise<AsyncGenerator<string, void, undefined>> {
  const program = await requireProgram(sql, slug);
  const { programId, periodKind, timeZone } = program;
  if (period !== undefined) {
    assertPeriodOf(program, period);
  }
  const closes = await listClosesWithPolicies(sql, programId);
  const { creatorsVersion } = await readHead(sql, programId);
  const { lastBatch, accepted } = await recordedState(sql, programId, closes.length);
  if (Number(accepted) > maxEvents) {
    throw new AppError(
      'too-large',
      `${slug} has ${accepted} events; at most ${maxEvents} are sent: ask POST /v1/lab/questions about a period instead`,
    );
  }
  const bounds = closes.map((close) => ({ period: close.period, start: close.startsAt, end: close.endsAt }));
  const before = period === undefined ? null : boundsBy(startsWithClosed(periodKind, timeZone, bounds), period).end;
  const head: RecordingHead = {
    program: slug,
    currency: program.currency.code,
    timeZone,
    period: periodKind,
    closes: closes.map((close) => ({
      period: close.period,
      start: formatInstant(close.startsAt),
      end: formatInstant(close.endsAt),
      policyVersion: close.policyVersion,
      policy: { ...close.policy },
      creatorsVersion: close.creatorsVersion,
      revenue: close.revenueEntries,
    })),
    creatorsVersion,
    events: Number(accepted),
  };
  return inPieces(lines(head, source, { programId, lastBatch, closes: closes.length, before }));
}

async function* lines(
  head: RecordingHead,
  source: ReportSource,
  query: {
    readonly programId: number;
    readonly lastBatch: string;
    readonly closes: number;
    readonly before: number | null;
  },
): AsyncGenerator<string, void, undefined> {
  yield JSON.stringify(head);
  let creators = 0;
  for await (const row of registryRows(source, query.programId, head.creatorsVersion)) {
    yield JSON.stringify(row);
    creators += 1;
  }
  let events = 0;
  let seenBefore: number | undefined;
  for await (const { event, seenAt } of recordedEvents(source, query)) {
    if (seenAt !== seenBefore) {
      yield JSON.stringify({ seenAt });
      seenBefore = seenAt;
    }
    yield eventLine(event);
    events += 1;
  }
  yield JSON.stringify({ end: { creators, events } });
}

async function* inPieces(all: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let piece: string[] = [];
  for await (const line of all) {
    piece.push(line);
    if (piece.length === LINES_PER_PIECE) {
      yield `${piece.join('\n')}\n`;
      piece = [];
    }
  }
  yield `${piece.join('\n')}\n`;
}
