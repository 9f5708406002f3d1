import type { AllocationRow } from '@rewardbook/contracts/api/reports';
import { findClose } from '@rewardbook/db/books/closes';
import type { AllocationFilter } from '@rewardbook/db/lists/allocations';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import { datesOf, type ReportContext } from '../../service/report-context.ts';
import { readAllocations } from './sql.ts';

/** What a close gave: a row for each creator that a filter leaves, by creator. Throws AppError `not-closed`, `bad-period`. */
export async function allocations(
  { sql, source, program }: ReportContext,
  { period, ...filter }: AllocationFilter & { readonly period: string },
): Promise<AsyncIterable<AllocationRow[]>> {
  datesOf(program, period);
  const close = await findClose(sql, program.programId, period);
  if (close?.status !== 'closed') {
    throw new AppError('not-closed', `Period ${period} is not closed; it has allocations once it is`);
  }
  const { currency } = program;
  async function* rows(attemptId: string): AsyncGenerator<AllocationRow[], void, undefined> {
    for await (const batch of readAllocations(source, program, attemptId, filter)) {
      yield batch.map(({ creatorId, netLikes, netFollows, carriedIn, carriedOut, amount, ...row }) => ({
        period,
        creator_id: creatorId,
        likes: netLikes,
        follows: netFollows,
        carried_in: carriedIn,
        carried_out: carriedOut,
        ...row,
        amount: formatAmount(parseAmount(amount, currency), currency),
        currency: currency.code,
      }));
    }
  }
  return rows(close.attemptId);
}
