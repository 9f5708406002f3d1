import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import { requireProgram } from '../programs/find-program.ts';
import { findPolicy } from '../programs/policy-sql.ts';
import { readStoredPolicy } from '../programs/stored-policy.ts';
import type { Ledger } from '../service/ledger.ts';
import { resultText } from './result-text.ts';
import { readAllocations } from './sql/allocations.ts';
import { findPeriod } from './sql/periods.ts';
import { readLockstep } from './sql/viewers.ts';

/**
 * The result of a closed period as JSON text in pieces, read while it is sent.
 *
 * @throws AppError `program-unknown`, `not-closed`
 */
export async function readResult(ledger: Ledger, slug: string, period: string): Promise<AsyncGenerator<string>> {
  const program = await requireProgram(ledger.sql, slug);
  const row = await findPeriod(ledger.sql, program.programId, period);
  if (row === undefined || row.status !== 'closed' || row.attemptId === null) {
    throw new AppError('not-closed', `Period ${period} is not closed; a dry run shows its result so far`);
  }
  const stored = await findPolicy(ledger.sql, program.programId, row.policyVersion);
  if (stored === undefined) {
    throw new Error(`policy ${row.policyVersion} of ${slug} is missing`);
  }
  const money = (text: string | null): string =>
    formatAmount(parseAmount(text ?? '0', program.currency), program.currency);
  const revenue =
    parseAmount(row.revenueEntries, program.currency) + parseAmount(row.revenueCarriedIn, program.currency);
  return resultText({
    summary: {
      period,
      policyHash: row.policyHash ?? '',
      revenue: formatAmount(revenue, program.currency),
      pool: money(row.pool),
      allocated: money(row.allocated),
      undistributed: money(row.undistributed),
      resultHash: row.resultHash ?? '',
    },
    creators: readAllocations(ledger.sql, program.programId, row.attemptId),
    excluded: row.excluded ?? '[]',
    metrics: row.metrics ?? 'null',
    lockstep: readStoredPolicy(stored).risk.lockstep && readLockstep(ledger.sql, program.programId, row.attemptId),
  });
}
