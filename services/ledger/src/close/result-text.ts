import type { PrintedParts } from '@rewardbook/domain/beyond/printed-parts';
import type { CreatorResult, PeriodSummary } from '@rewardbook/domain/close/result';
import type { LockstepGroup } from '@rewardbook/domain/events/lockstep';

/** A period's result, its creators one by one. */
export interface ResultParts {
  readonly summary: PeriodSummary;
  readonly creators: AsyncIterable<readonly CreatorResult[]> | Iterable<readonly CreatorResult[]>;
  /** JSON text */
  readonly excluded: string;
  /** JSON text */
  readonly metrics: string;
  /** What the close gives besides the pool. */
  readonly parts: PrintedParts;
  /** undefined: the policy does not ask for it. */
  readonly lockstep: AsyncIterable<readonly LockstepGroup[]> | Iterable<readonly LockstepGroup[]> | undefined;
}

/**
 * The text of a period's result in pieces, byte for byte what `simulate --json` prints for the period: keys in the same
 * order, no blanks.
 */
export async function* resultText({
  summary,
  creators,
  excluded,
  metrics,
  parts,
  lockstep,
}: ResultParts): AsyncGenerator<string> {
  const { period, policyHash, revenue, pool, allocated, undistributed, resultHash } = summary;
  const head = JSON.stringify({ period, policyHash, revenue, pool, allocated, undistributed, resultHash });
  yield `${head.slice(0, -1)},"creators":[`;
  let separator = '';
  for await (const piece of creators) {
    let text = '';
    for (const { creatorId, netLikes, netFollows, carriedIn, carriedOut, points, weight, amount } of piece) {
      const row = { creatorId, netLikes, netFollows, carriedIn, carriedOut, points, weight, amount };
      text += separator + JSON.stringify(row);
      separator = ',';
    }
    yield text;
  }
  yield `],"excluded":${excluded},"metrics":${metrics}`;
  // Every part by itself: all together may be a long text.
  const { campaigns, gifts, commissions, shares, benefits } = parts;
  for (const [key, part] of Object.entries({ campaigns, gifts, commissions, shares, benefits })) {
    if (part !== undefined) {
      yield `,"${key}":${JSON.stringify(part)}`;
    }
  }
  if (lockstep !== undefined) {
    yield ',"lockstep":[';
    separator = '';
    for await (const piece of lockstep) {
      for (const { viewers, links, matches } of piece) {
        yield separator + JSON.stringify({ viewers, links, matches });
        separator = ',';
      }
    }
    yield ']';
  }
  yield '}';
}
