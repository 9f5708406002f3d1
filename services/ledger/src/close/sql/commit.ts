import type { CloseOutcome } from '@rewardbook/db/books/closes';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

/** The outcome of a close, as `commit_close` takes it. Money in major units. */
export type CommitCloseCall = Omit<CloseOutcome, 'closedAt' | 'entryKey' | 'entrySeq'> & {
  readonly programId: number;
  readonly period: string;
  readonly allocations: number;
  readonly effectiveAt: string;
  /** JSON of the entry's details: a flat object of texts. */
  readonly details: string;
};

/**
 * Commits a close: its entry, made of the staged allocations, and the period's outcome in one call. `created` is false
 * if the period is already closed; the resultHash is then that of the existing close.
 *
 * @throws BooksRefused `attempt-not-open`
 */
export async function commitClose(sql: Sql, call: CommitCloseCall): Promise<{ resultHash: string; created: boolean }> {
  const [row] = await sql<{ resultHash: string; created: boolean }[]>`
    SELECT result_hash AS "resultHash", created FROM commit_close(
      ${call.programId}, ${call.period}, ${call.attemptId}::bigint, ${call.allocations}, ${call.effectiveAt}::date,
      ${call.details}::text::jsonb, ${call.funded}, ${call.pool}, ${call.allocated}, ${call.undistributed},
      ${call.revenueCarriedOut}, ${call.policyHash}, ${call.creatorsHash}, ${call.resultHash}, ${call.excluded}, ${call.metrics})`.catch(
    asRefusal,
  );
  if (row === undefined) {
    throw new Error('commit_close gave no row');
  }
  return row;
}
