import type { Program } from '@rewardbook/db/books/program';
import { requireProgram } from '@rewardbook/db/books/program';
import { printedParts } from '@rewardbook/domain/beyond/printed-parts';
import type { CreatorResult } from '@rewardbook/domain/close/result';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Ledger } from '../service/ledger.ts';
import { type ComputedClose, computeClose, partsOf } from './compute/compute-close.ts';
import { type ClosePlan, planDryRun } from './compute/plan-close.ts';
import { resultText } from './result-text.ts';
import { withSnapshot } from './sql/snapshot.ts';

const PIECE = 5_000;
const RETRY_AFTER_SECONDS = 5;

/** What a close of a period would give, as JSON text in pieces. It takes the memory of a close until it is released. */
export interface DryRunAnswer {
  readonly text: AsyncGenerator<string>;
  /** To be called when the text was sent or is no longer awaited. Calling it again has no effect. */
  readonly release: () => void;
}

/** A dry run: the result that a close of the period would have now. Nothing is written. `signal` ends it, in the database too. */
export type DryRun = (program: string, period: string, signal?: AbortSignal) => Promise<DryRunAnswer>;

/**
 * @param limit how many may run concurrently: each takes the memory of a close
 * @throws AppError `overloaded`, and what `planDryRun` throws
 */
export function dryRuns(ledger: Ledger, limit: number): DryRun {
  const running = new Set<symbol>();
  return async (slug, period, signal) => {
    const program = await requireProgram(ledger.sql, slug);
    if (running.size >= limit) {
      throw new AppError('overloaded', 'As many dry runs as fit are under way; try again soon', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    const slot = Symbol(period);
    const release = (): void => void running.delete(slot);
    running.add(slot);
    try {
      return { text: await textNow(ledger, program, period, signal), release };
    } catch (error) {
      release();
      throw error;
    }
  };
}

/** Plan, events and register are those of one moment, for all parts. */
function textNow(
  ledger: Ledger,
  program: Program,
  period: string,
  signal: AbortSignal | undefined,
): Promise<AsyncGenerator<string>> {
  return withSnapshot(
    ledger.openConnection,
    async ({ sql, another }) => {
      const asOfNow: Ledger = { ...ledger, sql, slowSql: sql };
      const plan = await planDryRun(asOfNow, program, period);
      const foldConnections = [sql];
      const parts = await partsOf(asOfNow, plan);
      while (foldConnections.length < parts) {
        foldConnections.push(await another());
      }
      return textOf(plan, await computeClose(asOfNow, plan, { attemptId: null, foldConnections }));
    },
    { temporaryTables: true, ...(signal === undefined ? {} : { signal }) },
  );
}

function textOf(plan: ClosePlan, { result, excluded, metrics, lockstep }: ComputedClose): AsyncGenerator<string> {
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
    parts: printedParts(result.parts, currency),
    lockstep: lockstep && [lockstep],
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
