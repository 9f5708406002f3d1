import type { Actor } from '@rewardbook/db/actor';
import { type Close, findCloses } from '@rewardbook/db/books/closes';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

/** What a close of a period would use now. Money in major units. */
export interface CloseInputs {
  readonly closeNo: number;
  readonly policyVersion: number | null;
  readonly creatorsVersion: number;
  /** null where none is booked. */
  readonly revenueEntries: string | null;
  readonly revenueCarriedIn: string;
  readonly rolledOver: string;
}

/** A period with the sum of its revenue entries (null without any) and its close (null if none was begun). */
export interface KnownPeriod {
  readonly period: string;
  readonly booked: string | null;
  readonly close: Close | null;
}

/** Periods with a close that was begun or revenue, in order. */
export async function listPeriods(
  sql: Sql,
  programId: number,
  { only, after, limit }: { only?: string; after: string; limit: number },
): Promise<KnownPeriod[]> {
  const labels = await sql<{ period: string; booked: string | null }[]>`
    SELECT period, max(booked)::text AS booked FROM (
      SELECT period, NULL::numeric AS booked FROM close WHERE program_id = ${programId}
      UNION ALL
      SELECT period, sum(amount) FROM revenue WHERE program_id = ${programId} GROUP BY period
    ) AS known
    WHERE period > ${after} AND (${only ?? null}::text IS NULL OR period = ${only ?? null})
    GROUP BY period ORDER BY period LIMIT ${limit}`;
  const closes = await findCloses(
    sql,
    programId,
    labels.map(({ period }) => period),
  );
  const byLabel = new Map(closes.map((close) => [close.period, close]));
  return labels.map(({ period, booked }) => ({ period, booked, close: byLabel.get(period) ?? null }));
}

/** What a close of the period would use now. */
export async function closeInputs(sql: Sql, programId: number, period: string): Promise<CloseInputs> {
  const [row] = await sql<CloseInputs[]>`
    SELECT close_no AS "closeNo", policy_version AS "policyVersion", creators_version AS "creatorsVersion",
           revenue_entries::text AS "revenueEntries", revenue_carried_in::text AS "revenueCarriedIn", rolled_over::text AS "rolledOver"
    FROM close_inputs(${programId}, ${period})`;
  if (row === undefined) {
    throw new Error(`program ${programId} has no head row`);
  }
  return row;
}

/** The first period with revenue, or undefined. */
export async function firstPeriodWithRevenue(sql: Sql, programId: number): Promise<string | undefined> {
  const [row] = await sql<{ period: string }[]>`
    SELECT period FROM revenue WHERE program_id = ${programId} ORDER BY period LIMIT 1`;
  return row?.period;
}

export interface BeginCloseCall {
  readonly programId: number;
  readonly period: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Label of the period before. */
  readonly previous: string;
  readonly actor: Actor;
}

/**
 * Begins a close: from here on its events, revenue, policy and creators are fixed. Begun already: no effect.
 *
 * @throws BooksRefused `period-closed`, `period-not-over`, `close-under-way`, `close-out-of-order`, `no-revenue`, `no-policy`
 */
export async function beginClose(sql: Sql, call: BeginCloseCall): Promise<void> {
  await sql`
    SELECT period FROM begin_close(
      ${call.programId}, ${call.period}, ${call.startsAt}::bigint, ${call.endsAt}::bigint, ${call.previous}, ${call.actor})
  `.catch(asRefusal);
}

/** @param isLasting it does not pass by itself, so that the next attempt has time */
export async function noteFailure(
  sql: Sql,
  programId: number,
  period: string,
  { failure, isLasting }: { readonly failure: string; readonly isLasting: boolean },
): Promise<void> {
  await sql`SELECT note_failure(${programId}, ${period}, ${failure}, ${isLasting})`;
}

/**
 * Takes back a close whose attempts fail; false where none was begun.
 *
 * @throws BooksRefused `period-closed`, `close-not-failing`
 */
export async function cancelClose(sql: Sql, programId: number, period: string): Promise<boolean> {
  const [row] = await sql<{ cancelled: boolean }[]>`
    SELECT cancel_close(${programId}, ${period}) AS cancelled`.catch(asRefusal);
  return row?.cancelled ?? false;
}

/** Periods whose close was begun and is not done, and is to be tried now. */
export function closesToTry(sql: Sql): Promise<{ program: string; period: string }[]> {
  return sql<{ program: string; period: string }[]>`
    SELECT p.slug AS program, c.period FROM close c JOIN program p USING (program_id)
    WHERE c.status = 'closing' AND (c.retry_at IS NULL OR c.retry_at <= clock_timestamp()) ORDER BY c.begun_at`;
}

/** Closed periods that `checkClose` has not looked at, in order. */
export function closesToCheck(sql: Sql): Promise<{ programId: number; closeNo: number; period: string }[]> {
  return sql<{ programId: number; closeNo: number; period: string }[]>`
    SELECT program_id AS "programId", close_no AS "closeNo", period FROM close
    WHERE status = 'closed' AND checked_at IS NULL ORDER BY closed_at`;
}

/**
 * Checks once that a closed period gives what the recorded events do, so that the approval of a run need not. A second call reads the
 * outcome.
 *
 * @returns the first creator to whom it gives what they do not; null where it is sound
 */
export async function checkClose(sql: Sql, programId: number, closeNo: number): Promise<string | null> {
  const [row] = await sql<{ creatorId: string | null }[]>`SELECT check_close(${programId}, ${closeNo}) AS "creatorId"`;
  return row?.creatorId ?? null;
}
