import type { Behind } from './event-sets.ts';
import { type ResultDifference, type Results, resultDifferences } from './results.ts';

/** How two results differ. */
export interface ResultsDiff {
  readonly equal: boolean;
  readonly kind: 'results';
  /** Places that differ, and creators by period who do. */
  readonly differences: number;
  readonly creators: number;
  readonly first: ResultDifference | null;
  /** The first that is a creator's. */
  readonly firstOfCreator: ResultDifference | null;
  /** Only where events are given and a creator differs. */
  readonly behind?: Behind;
}

/** Compares two results place by place. */
export function compareResults(a: Results, b: Results): ResultsDiff {
  let differences = 0;
  let first: ResultDifference | null = null;
  let firstOfCreator: ResultDifference | null = null;
  const creators = new Set<string>();
  for (const difference of resultDifferences(a, b)) {
    differences += 1;
    first ??= difference;
    const { period, creatorId } = difference;
    if (creatorId === null) {
      continue;
    }
    creators.add(JSON.stringify([period, creatorId]));
    firstOfCreator ??= difference;
  }
  return { equal: differences === 0, kind: 'results', differences, creators: creators.size, first, firstOfCreator };
}
