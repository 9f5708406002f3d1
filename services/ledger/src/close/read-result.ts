import { type FinishedClose, findClose } from '@rewardbook/db/books/closes';
import { requirePolicy } from '@rewardbook/db/books/policies';
import { type Program, requireProgram } from '@rewardbook/db/books/program';
import type { PeriodSummary } from '@rewardbook/domain/close/result';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Ledger } from '../service/ledger.ts';
import { resultText } from './result-text.ts';
import { readAllocations } from './sql/allocations.ts';
import { readParts } from './sql/parts.ts';
import { readLockstep } from './sql/viewers.ts';

/**
 * The result of a closed period as JSON text in pieces, read while it is sent.
 *
 * @throws AppError `program-unknown`, `not-closed`
 */
export async function readResult(ledger: Ledger, slug: string, period: string): Promise<AsyncGenerator<string>> {
  const program = await requireProgram(ledger.sql, slug);
  const close = await findClose(ledger.sql, program.programId, period);
  if (close?.status !== 'closed') {
    throw new AppError('not-closed', `Period ${period} is not closed; a dry run shows its result so far`);
  }
  const { policy } = await requirePolicy(ledger.sql, program.programId, close.policyVersion);
  return resultText({
    summary: summaryOf(program, close),
    creators: readAllocations(ledger.sql, program.programId, close.attemptId),
    excluded: close.excluded,
    metrics: close.metrics,
    parts: await readParts(ledger.sql, program, close.attemptId, policy),
    lockstep: policy.risk.lockstep && readLockstep(ledger.sql, program.programId, close.attemptId),
  });
}

/** What a close came to as a whole, in major units with the currency's digits. */
export function summaryOf({ currency }: Program, close: FinishedClose): PeriodSummary {
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);
  const revenue = parseAmount(close.revenueEntries, currency) + parseAmount(close.revenueCarriedIn, currency);
  return {
    period: close.period,
    policyHash: close.policyHash,
    revenue: formatAmount(revenue, currency),
    pool: money(close.pool),
    allocated: money(close.allocated),
    undistributed: money(close.undistributed),
    resultHash: close.resultHash,
  };
}
