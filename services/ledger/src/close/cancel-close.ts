import { requireProgram } from '@rewardbook/db/books/program';
import { assertPeriodOf } from '@rewardbook/domain/values/period';
import { closeKey, type Ledger } from '../service/ledger.ts';
import { cancelClose as callCancelClose } from './sql/periods.ts';

/**
 * Takes back a close whose attempts fail: the period is open again, and what was wrong can be put right before it is closed anew.
 *
 * @returns false where no close was begun
 * @throws AppError `program-unknown`, `bad-period`; BooksRefused `period-closed`, `close-not-failing`
 */
export async function cancelClose(ledger: Ledger, slug: string, period: string): Promise<boolean> {
  const program = await requireProgram(ledger.sql, slug);
  assertPeriodOf(program, period);
  const cancelled = await callCancelClose(ledger.slowSql, program.programId, period);
  ledger.unnotedFailures.delete(closeKey({ program: slug, period }));
  return cancelled;
}
