import type { Policy } from '../policy/policy.ts';
import type { CloseParts } from './close-parts.ts';
import { commissionsOf, type Scouted } from './commissions.ts';

/** What a close uses besides what the pool needs. A part that the close has not is left out. */
export interface PartsInput {
  /** Registered creators who have a scout, where the policy pays scouts. */
  readonly scouted?: Iterable<Scouted>;
}

/** Who gets how much from the pool, minor units, by creatorId; read once. */
export type PoolAmounts = () => Iterable<readonly [creatorId: string, amount: bigint]>;

interface PartsClose {
  readonly period: string;
  readonly policy: Pick<Policy, 'scouts'>;
  readonly beyond?: PartsInput | undefined;
}

/** All that a close gives besides the pool, each part from those before it. */
export function closeParts({ period, policy, beyond = {} }: PartsClose, poolAmounts: PoolAmounts): CloseParts {
  const { scouts } = policy;
  if (scouts === undefined) {
    return {};
  }
  // What commissions are taken of: the pool and campaigns.
  const allocated = new Map(poolAmounts());
  return { commissions: commissionsOf(scouts, period, beyond.scouted ?? [], allocated) };
}
