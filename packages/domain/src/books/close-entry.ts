import { type CloseParts, NO_PARTS } from '../beyond/close-parts.ts';
import type { PartsPolicy } from '../beyond/given.ts';
import type { ClosePool, CloseResult, CloseRow } from '../close/close.ts';
import type { Policy } from '../policy/policy.ts';
import type { TreeRoot } from '../proofs/payout-tree.ts';
import { lastDate } from '../values/period.ts';
import { PLATFORM, POOL_ROLLOVER, payableAccount, poolAccount } from './account.ts';
import { partPostings } from './part-postings.ts';
import type { EntryDraft, Posting } from './posting.ts';

/** Natural key of a period's close. */
export function closeKey(period: string): string {
  return `close:${period}`;
}

/** What of a policy the postings of a close depend on. */
export type PostedPolicy = Pick<Policy, 'undistributed'> & PartsPolicy;

export interface CloseEntryInput {
  readonly period: string;
  readonly policy: PostedPolicy;
  readonly policyVersion: number;
  readonly policyHash: string;
  readonly result: Pick<CloseResult, 'pool' | 'creators' | 'parts' | 'resultHash'>;
  /** What is published of the close's payout tree. */
  readonly proof?: TreeRoot | undefined;
}

/** The journal entry of a close, effective on the period's last day. */
export function closeEntry({ period, policy, policyVersion, policyHash, result, proof }: CloseEntryInput): EntryDraft {
  const published =
    proof === undefined ? {} : { proofRoot: proof.root, proofTotal: proof.total, proofLeaves: String(proof.leaves) };
  return {
    key: closeKey(period),
    kind: 'close',
    effectiveAt: lastDate(period),
    details: { period, policyHash, policyVersion: String(policyVersion), resultHash: result.resultHash, ...published },
    reverses: null,
    postings: { [Symbol.iterator]: () => closePostings(period, policy, result) },
  };
}

/** What of a close's result its postings come from. */
export interface PostedClose {
  readonly pool: Pick<ClosePool, 'funded' | 'rolledOver' | 'allocated' | 'undistributed'>;
  /** By creatorId. */
  readonly creators: Iterable<Pick<CloseRow, 'creatorId' | 'amount'>>;
  readonly parts?: CloseParts;
}

/**
 * Postings of a close, one by one, in this order: rewards-expense → pool (funded, also where it is zero), rollover → pool,
 * pool → each creator's payable by creatorId, pool → rollover or rewards-expense (undistributed), what is given besides the
 * pool (`partPostings`). Steps of zero are left out.
 */
export function* closePostings(
  period: string,
  policy: PostedPolicy,
  { pool, creators, parts = NO_PARTS }: PostedClose,
): Generator<Posting, void, undefined> {
  const poolCode = poolAccount(period);
  yield { account: PLATFORM.rewardsExpense, amount: pool.funded };
  yield { account: poolCode, amount: -pool.funded };
  if (pool.rolledOver !== 0n) {
    yield { account: POOL_ROLLOVER, amount: pool.rolledOver };
    yield { account: poolCode, amount: -pool.rolledOver };
  }
  if (pool.allocated !== 0n) {
    yield { account: poolCode, amount: pool.allocated };
    for (const { creatorId, amount } of creators) {
      if (amount !== 0n) {
        yield { account: payableAccount(creatorId), amount: -amount };
      }
    }
  }
  if (pool.undistributed !== 0n) {
    yield { account: poolCode, amount: pool.undistributed };
    yield {
      account: policy.undistributed === 'rollover' ? POOL_ROLLOVER : PLATFORM.rewardsExpense,
      amount: -pool.undistributed,
    };
  }
  yield* partPostings(parts, policy);
}
