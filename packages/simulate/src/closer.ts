import { viewerSplitOf } from '@rewardbook/domain/allocation';
import { boostsByGrowth } from '@rewardbook/domain/boost';
import { asksForFollowers, type CloseResult, computeClose } from '@rewardbook/domain/close';
import type { CreatorCounts } from '@rewardbook/domain/close-columns';
import { type EngagementEvent, isGiving } from '@rewardbook/domain/event';
import { exclusions } from '@rewardbook/domain/exclusions';
import { countFollowers } from '@rewardbook/domain/followers';
import { type LockstepGroup, lockstep, lockstepWindows } from '@rewardbook/domain/lockstep';
import { periodBounds } from '@rewardbook/domain/period';
import type { LockstepPolicy, Policy } from '@rewardbook/domain/policy';
import type { PeriodResult } from '@rewardbook/domain/result';
import { blocks, judge } from '@rewardbook/domain/risk';
import { sortUtf8 } from '@rewardbook/domain/utf8-order';
import type { PairCounts } from '@rewardbook/domain/viewer-units';
import type { Currency } from '@rewardbook/money/currency';
import type { CreatorsBook } from './creators-book.ts';
import type { JudgedEvents } from './judged-events.ts';
import { periodResult } from './period-result.ts';
import { type NetCounts, register, type Settled } from './register.ts';

export interface CloserInput {
  readonly currency: Currency;
  /** Start of the first period, epoch milliseconds. */
  readonly programStart: number;
  readonly events: JudgedEvents;
  /** All policies of the program: a later one may ask for the followers at a close under an earlier one. */
  readonly policies: readonly Policy[];
}

export interface NextClose {
  /** Number of the close, from 1. */
  readonly close: number;
  readonly period: string;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly creators: CreatorsBook;
  /** Minor units. */
  readonly revenueEntries: bigint;
}

/** Closes periods one after the other, and holds what goes from one close to the next. */
export function closer({ currency, programStart, events, policies }: CloserInput): (next: NextClose) => PeriodResult {
  const engagements = register();
  const voidCloses = new Map<string, Set<number>>();
  const wasVoid = (creatorId: string, close: number): boolean => voidCloses.get(creatorId)?.has(close) ?? false;
  let carried = new Map<string, string>();
  let rolledOver = 0n;
  let negativeRevenue = 0n;
  const needsGrowth = policies.some(boostsByGrowth);
  let followersBefore: ((creatorId: string) => number) | undefined;

  return ({ close, period, policy, policyHash, creators, revenueEntries }) => {
    const isBlocked = blocks(policy.risk);
    const { registered } = creators;
    const { timeZone } = policy;
    const countNow = (): ((creatorId: string) => number) =>
      countFollowers({ engagements: engagements.engagements(), registered, isBlocked, timeZone });
    const windows = policy.risk.lockstep && lockstepWindows(policy.risk.lockstep);
    const excluded = exclusions({ close, programStart, wasVoid });
    // The baseline is what was active when the program began, so the first close folds what came before on its own.
    const sinceStart: EngagementEvent[] = [];
    const judgeEvents = judge({ close, policy, isOwnViewer: creators.isOwnViewer });
    events.judge(close, policy, judgeEvents, ({ event }, rule) => {
      if (isGiving(event.type)) windows?.add(event);
      if (rule !== undefined) excluded.add(rule, event, engagements.engagementOf(event));
      else if (close === 1 && event.occurredAt >= programStart) sinceStart.push(event);
      else engagements.fold(event);
    });
    if (close === 1) {
      engagements.setBaseline();
      if (needsGrowth) followersBefore = countNow();
    }
    for (const event of sinceStart) engagements.fold(event);
    const hasBlocks = policy.risk.blockedViewers !== undefined || policy.risk.blockedCreators !== undefined;
    const byPair = viewerSplitOf(policy.allocation.method) !== undefined;
    const settled = engagements.settle({ close, isBlocked, wasVoid }, { all: hasBlocks, byPair });

    const followers = needsGrowth || asksForFollowers(policy) ? countNow() : () => 0;
    const result = computeClose(
      {
        program: policy.program,
        period,
        bounds: periodBounds(period, timeZone),
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
        creators: inOrder(settled.counts, carried),
      },
      byViewer(settled.pairs),
    );
    followersBefore = followers;
    carried = carryOver(result, close, voidCloses);
    rolledOver = policy.undistributed === 'rollover' ? result.pool.undistributed : 0n;
    negativeRevenue = result.pool.negativeRevenueCarriedOut;
    return periodResult({
      period,
      policyHash,
      currency,
      result,
      excluded: excluded.summary(policy),
      lockstep: policy.risk.lockstep && groupsOf(policy.risk.lockstep, windows?.windows() ?? []),
    });
  };
}

/** Everybody who gained, lost or carries, by creatorId in byte order. */
function* inOrder(counts: Map<string, NetCounts>, carried: Map<string, string>): Generator<CreatorCounts> {
  const creatorIds = [...counts.keys()];
  for (const creatorId of carried.keys()) if (!counts.has(creatorId)) creatorIds.push(creatorId);
  for (const creatorId of sortUtf8(creatorIds)) {
    const { netLikes, netFollows } = counts.get(creatorId) ?? { netLikes: 0, netFollows: 0 };
    yield { creatorId, netLikes, netFollows, carriedIn: carried.get(creatorId) };
  }
}

function* byViewer(pairs: Settled['pairs']): Generator<PairCounts> {
  for (const [viewerId, ofViewer] of pairs) {
    for (const [creatorId, { netLikes, netFollows }] of ofViewer) yield { viewerId, creatorId, netLikes, netFollows };
  }
}

function groupsOf(policy: LockstepPolicy, windows: Iterable<readonly string[]>): LockstepGroup[] {
  const finding = lockstep(policy);
  for (const viewers of windows) finding.addWindow(viewers);
  return finding.groups();
}

/** What the next close carries in; notes whose points were void. */
function carryOver(result: CloseResult, close: number, voidCloses: Map<string, Set<number>>): Map<string, string> {
  const carried = new Map<string, string>();
  for (const row of result.creators) {
    if (row.carriedOut !== '0') carried.set(row.creatorId, row.carriedOut);
    if (!row.void) continue;
    const closes = voidCloses.get(row.creatorId);
    if (closes) closes.add(close);
    else voidCloses.set(row.creatorId, new Set([close]));
  }
  return carried;
}
