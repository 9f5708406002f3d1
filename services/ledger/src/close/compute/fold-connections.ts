import type { Sql } from '@rewardbook/db/client';
import { viewerSplitOf } from '@rewardbook/domain/allocation/allocation';
import { boostsByGrowth } from '@rewardbook/domain/allocation/boost';
import type { Ledger } from '../../service/ledger.ts';

import type { ClosePlan } from './plan-close.ts';

/** An attempt at folding a close's events. */
export interface CloseAttempt {
  /** The number it writes under, or null: a dry run. */
  readonly attemptId: string | null;
  /** What folds each of its parts, side by side. */
  readonly foldConnections: readonly Sql[];
}

/**
 * Runs a close on connections that are there for nothing else until it is done, where it goes on asking them after the fold: pairs
 * and follows stay with the connection that folded them. A dry run has such connections already.
 */
export async function withFoldConnections<Value>(
  { openConnection }: Ledger,
  { policy }: ClosePlan,
  { attemptId, foldConnections }: CloseAttempt,
  work: (foldConnections: readonly Sql[]) => Promise<Value>,
): Promise<Value> {
  const isAskedAgain = viewerSplitOf(policy.allocation.method) !== undefined || boostsByGrowth(policy);
  if (attemptId === null || !isAskedAgain) {
    return work(foldConnections);
  }
  const own = foldConnections.map(() => openConnection());
  try {
    return await work(own);
  } finally {
    await Promise.all(own.map((connection) => connection.end({ timeout: 1 })));
  }
}
