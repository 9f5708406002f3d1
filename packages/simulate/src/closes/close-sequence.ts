import { viewerSplitOf } from '@rewardbook/domain/allocation/allocation';
import { boostsByGrowth } from '@rewardbook/domain/allocation/boost';
import type { PairCounts } from '@rewardbook/domain/allocation/viewer-units';
import { asksForFollowers, type CloseCarry, computeClose } from '@rewardbook/domain/close/close';
import { excludedByRule } from '@rewardbook/domain/close/exclusions';
import { followersOf } from '@rewardbook/domain/events/followers';
import { type LockstepGroup, lockstep, lockstepWindows } from '@rewardbook/domain/events/lockstep';
import type { LockstepPolicy, Policy } from '@rewardbook/domain/policy/policy';
import type { PeriodBounds } from '@rewardbook/domain/values/period';
import type { Currency } from '@rewardbook/money/currency';
import { columnsAtClose } from './columns-at-close.ts';
import type { CreatorsBook } from './creators-book.ts';
import { pairCounts } from './pair-columns.ts';
import type { PeriodClose } from './period-result.ts';
import type { ShardAnswer, ShardQuestion } from './shard.ts';

const NO_CARRY: CloseCarry = { carried: new Map(), voided: [] };

export interface NextClose {
  /** Number of the close, from 1. */
  readonly close: number;
  readonly period: string;
  readonly bounds: PeriodBounds;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creators: CreatorsBook;
  /** Minor units. */
  readonly revenueEntries: bigint;
}

/** Closes periods one after the other, and holds what goes from one close to the next. */
export interface CloseSequence {
  /** Creators whose points were void at the last close: what the shards have to know before the next. */
  readonly voidBefore: readonly string[];
  /** @param answers of all shards to this close's question */
  close(next: NextClose, answers: readonly ShardAnswer[]): PeriodClose;
}

/** What a close under a policy asks of the shards, besides the counts. */
export function wantsOf(
  policy: Policy,
  policies: readonly Policy[],
): Pick<ShardQuestion, 'wantsPairs' | 'wantsFollows'> {
  return {
    wantsPairs: viewerSplitOf(policy.allocation.method) !== undefined,
    // A later policy may ask for the followers at a close under an earlier one.
    wantsFollows: policies.some(boostsByGrowth) || asksForFollowers(policy),
  };
}

export function closeSequence(currency: Currency): CloseSequence {
  let carry: () => CloseCarry = () => NO_CARRY;
  let rolledOver = 0n;
  let negativeRevenue = 0n;
  let followersBefore: ((creatorId: string) => number) | undefined;

  return {
    get voidBefore() {
      return carry().voided;
    },
    close({ close, period, bounds, policy, policyHash, creators, revenueEntries }, answers) {
      const { registered } = creators;
      const followersIn = (part: 'follows' | 'followsBefore') =>
        followersOf(
          answers.flatMap((answer) => answer[part] ?? []),
          registered,
        );
      if (close === 1) {
        followersBefore = followersIn('followsBefore');
      }
      const followers = followersIn('follows');
      const result = computeClose(
        {
          program: policy.program,
          period,
          bounds,
          currency,
          policy,
          policyHash,
          creatorsHash: creators.hash,
          revenueEntries,
          negativeRevenueCarriedIn: negativeRevenue,
          rolledOver,
          registered,
          followers,
          followersBefore,
          creators: columnsAtClose(
            answers.map(({ counts }) => counts),
            carry().carried,
          ),
          beyond: { scouted: creators.scouted },
        },
        allPairs(answers),
      );
      followersBefore = followers;
      carry = () => result.carry;
      rolledOver = policy.undistributed === 'rollover' ? result.pool.undistributed : 0n;
      negativeRevenue = result.pool.negativeRevenueCarriedOut;
      return {
        period,
        policyHash,
        currency,
        result,
        excluded: excludedByRule(
          answers.flatMap(({ excluded }) => excluded),
          policy,
        ),
        lockstep: policy.risk.lockstep && groupsOf(policy.risk.lockstep, answers),
      };
    },
  };
}

function* allPairs(answers: readonly ShardAnswer[]): Generator<PairCounts> {
  for (const { pairs, counts } of answers) {
    if (pairs !== undefined) {
      yield* pairCounts(pairs, counts);
    }
  }
}

function groupsOf(policy: LockstepPolicy, answers: readonly ShardAnswer[]): LockstepGroup[] {
  const all = lockstepWindows(policy);
  for (const { windows } of answers) {
    all.addAll(windows ?? []);
  }
  const finding = lockstep(policy);
  for (const viewers of all.windows()) {
    finding.addWindow(viewers);
  }
  return finding.groups();
}
