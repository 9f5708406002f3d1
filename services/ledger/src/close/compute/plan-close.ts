import { type Close, findClose, findCloseByNumber, lastClose } from '@rewardbook/db/books/closes';
import { findPolicy } from '@rewardbook/db/books/policies';
import type { Program } from '@rewardbook/db/books/program';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { PeriodBounds } from '@rewardbook/domain/values/period';
import { assertPeriodOf, previousPeriod } from '@rewardbook/domain/values/period';
import { parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import { boundsOfOpen } from '../../programs/program-starts.ts';
import type { Ledger } from '../../service/ledger.ts';
import { type CloseInputs, closeInputs, firstPeriodWithRevenue } from '../sql/periods.ts';

/** Everything that a close uses but the events and creators, which it names by its number and their version. */
export interface ClosePlan {
  readonly program: Program;
  readonly period: string;
  readonly bounds: PeriodBounds;
  /** Number of the close, from 1. */
  readonly closeNo: number;
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly policyHash: string;
  readonly creatorsVersion: number;
  /** Minor units. */
  readonly revenueEntries: bigint;
  readonly revenueCarriedIn: bigint;
  readonly rolledOver: bigint;
  /** Start of the program's first period, epoch milliseconds. */
  readonly firstStart: number;
  /** Likes and follows that occurred earlier are tooLate; null: none is. */
  readonly lateBefore: number | null;
  /** The attempt that made the close before, which has what it carries out; null at the first close. */
  readonly previousAttempt: string | null;
}

/** The plan of a close that was begun. */
export function planBegunClose(ledger: Ledger, program: Program, row: Close): Promise<ClosePlan> {
  return makePlan(ledger, program, row.period, { start: row.startsAt, end: row.endsAt }, row);
}

/**
 * The plan of a dry run: what a close of the period would use now. The period need not be over, nor have revenue.
 *
 * @throws AppError `bad-period`, `period-closed`, `close-out-of-order`, `no-policy`
 */
export async function planDryRun(ledger: Ledger, program: Program, period: string): Promise<ClosePlan> {
  assertPeriodOf(program, period);
  const { programId } = program;
  const begun = await findClose(ledger.sql, programId, period);
  if (begun?.status === 'closed') {
    throw new AppError('period-closed', `Period ${period} is closed already; read its result`);
  }
  if (begun !== undefined) {
    return planBegunClose(ledger, program, begun);
  }
  const last = await lastClose(ledger.sql, programId);
  if (last !== undefined && last.period !== previousPeriod(period)) {
    throw new AppError('close-out-of-order', `Periods close in order and without gaps: the last one is ${last.period}`);
  }
  if (last?.status === 'closing') {
    throw new AppError('close-under-way', `Period ${last.period} is being closed; wait until it is closed`);
  }
  const first = last === undefined ? await firstPeriodWithRevenue(ledger.sql, programId) : undefined;
  if (first !== undefined && first < period) {
    throw new AppError(
      'close-out-of-order',
      `Periods close in order: revenue is booked for ${first}, which comes first`,
    );
  }
  const bounds = await boundsOfOpen(ledger.sql, program, period);
  return makePlan(ledger, program, period, bounds, await closeInputs(ledger.sql, programId, period));
}

async function makePlan(
  { sql }: Ledger,
  program: Program,
  period: string,
  bounds: PeriodBounds,
  inputs: CloseInputs,
): Promise<ClosePlan> {
  const { programId, currency } = program;
  const { closeNo, policyVersion } = inputs;
  const stored = policyVersion === null ? undefined : await findPolicy(sql, programId, policyVersion);
  if (stored === undefined) {
    throw new AppError('no-policy', `No policy is valid for ${period}; apply one that is`);
  }
  const { policy } = stored;
  const startOfClose = async (number: number): Promise<number> =>
    number === closeNo ? bounds.start : required(await findCloseByNumber(sql, programId, number), number).startsAt;
  const earliest = Math.max(1, closeNo - policy.maxLatePeriods);
  return {
    program,
    period,
    bounds,
    closeNo,
    policy,
    policyVersion: stored.version,
    policyHash: stored.policyHash,
    creatorsVersion: inputs.creatorsVersion,
    revenueEntries: parseAmount(inputs.revenueEntries ?? '0', currency),
    revenueCarriedIn: parseAmount(inputs.revenueCarriedIn, currency),
    rolledOver: parseAmount(inputs.rolledOver, currency),
    firstStart: await startOfClose(1),
    lateBefore: closeNo === 1 ? null : await startOfClose(earliest),
    previousAttempt:
      closeNo === 1 ? null : required(await findCloseByNumber(sql, programId, closeNo - 1), closeNo - 1).attemptId,
  };
}

function required(row: Close | undefined, closeNo: number): Close {
  if (row === undefined) {
    throw new Error(`close ${closeNo} is missing: periods close without gaps`);
  }
  return row;
}
