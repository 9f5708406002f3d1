import type { CreatorResult } from '@rewardbook/domain/result';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/errors';
import { type ComputedClose, computeClose, partsOf } from './compute-close.ts';
import { requireProgram } from './find-program.ts';
import type { Ledger } from './ledger.ts';
import { type ClosePlan, planDryRun } from './plan-close.ts';
import { resultText } from './result-text.ts';

const PIECE = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** A dry run: the result that a close of the period would have now, as JSON text in pieces. Nothing is written. */
export type DryRun = (program: string, period: string) => Promise<AsyncGenerator<string>>;

/**
 * @param limit how many may run at once: each takes the memory of a close
 * @throws AppError `overloaded`, and what `planDryRun` throws
 */
export function dryRuns(ledger: Ledger, limit: number): DryRun {
  let running = 0;
  return async (slug, period) => {
    const program = await requireProgram(ledger.sql, slug);
    const plan = await planDryRun(ledger, program, period);
    if (running >= limit) {
      throw new AppError('overloaded', 'As many dry runs as fit are under way; try again soon', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    running += 1;
    try {
      return textOf(plan, await computeClose(ledger, plan, { foldId: null, parts: await partsOf(ledger, plan) }));
    } finally {
      running -= 1;
    }
  };
}

function textOf(plan: ClosePlan, { result, excluded, metrics }: ComputedClose): AsyncGenerator<string> {
  const { currency } = plan.program;
  const { pool, resultHash } = result;
  return resultText({
    summary: {
      period: plan.period,
      policyHash: plan.policyHash,
      revenue: formatAmount(pool.revenue, currency),
      pool: formatAmount(pool.pool, currency),
      allocated: formatAmount(pool.allocated, currency),
      undistributed: formatAmount(pool.undistributed, currency),
      resultHash,
    },
    creators: pieces(result.creators, currency),
    excluded: JSON.stringify(excluded),
    metrics: JSON.stringify(metrics),
  });
}

function* pieces(rows: ComputedClose['result']['creators'], currency: Currency): Generator<CreatorResult[]> {
  let piece: CreatorResult[] = [];
  for (const { void: _void, amount, ...row } of rows) {
    piece.push({ ...row, amount: formatAmount(amount, currency) });
    if (piece.length === PIECE) {
      yield piece;
      piece = [];
    }
  }
  yield piece;
}
