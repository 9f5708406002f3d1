import { type CloseResult, type CreatorCounts, computeClose } from '@rewardbook/domain/close';
import type { EngagementEvent } from '@rewardbook/domain/event';
import { exclusions } from '@rewardbook/domain/exclusions';
import { countFollowers } from '@rewardbook/domain/followers';
import { periodBounds } from '@rewardbook/domain/period';
import type { Policy } from '@rewardbook/domain/policy';
import type { PeriodResult } from '@rewardbook/domain/result';
import { blocks, judge } from '@rewardbook/domain/risk';
import { sortUtf8 } from '@rewardbook/domain/utf8-order';
import type { Currency } from '@rewardbook/money/currency';
import type { CreatorsBook } from './creators-book.ts';
import type { JudgedEvents } from './judged-events.ts';
import { periodResult } from './period-result.ts';
import { type NetCounts, register } from './register.ts';

export interface CloserInput {
  readonly currency: Currency;
  /** Start of the first period, epoch milliseconds. */
  readonly programStart: number;
  readonly events: JudgedEvents;
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
export function closer({ currency, programStart, events }: CloserInput): (next: NextClose) => PeriodResult {
  const engagements = register();
  const voidCloses = new Map<string, Set<number>>();
  const wasVoid = (creatorId: string, close: number): boolean => voidCloses.get(creatorId)?.has(close) ?? false;
  let carried = new Map<string, string>();
  let rolledOver = 0n;
  let negativeRevenue = 0n;

  return ({ close, period, policy, policyHash, creators, revenueEntries }) => {
    const isBlocked = blocks(policy.risk);
    const excluded = exclusions({ close, programStart, wasVoid });
    // The baseline is what was active when the program began, so the first close folds what came before on its own.
    const sinceStart: EngagementEvent[] = [];
    const judgeEvents = judge({ close, policy, isOwnViewer: creators.isOwnViewer });
    events.judge(close, policy, judgeEvents, ({ event }, rule) => {
      if (rule !== undefined) excluded.add(rule, event, engagements.engagementOf(event));
      else if (close === 1 && event.occurredAt >= programStart) sinceStart.push(event);
      else engagements.fold(event);
    });
    if (close === 1) engagements.setBaseline();
    for (const event of sinceStart) engagements.fold(event);
    const hasBlocks = policy.risk.blockedViewers !== undefined || policy.risk.blockedCreators !== undefined;
    const counts = engagements.settle({ close, isBlocked, wasVoid }, hasBlocks);

    const { registered } = creators;
    const { timeZone } = policy;
    const followers =
      policy.eligibility.minFollowers > 0
        ? countFollowers({ engagements: engagements.engagements(), registered, isBlocked, timeZone })
        : () => 0;
    const result = computeClose({
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
      creators: inOrder(counts, carried),
    });
    carried = carryOver(result, close, voidCloses);
    rolledOver = policy.undistributed === 'rollover' ? result.pool.undistributed : 0n;
    negativeRevenue = result.pool.negativeRevenueCarriedOut;
    return periodResult({ period, policyHash, currency, result, excluded: excluded.summary(policy) });
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
