import type { Sql } from '@rewardbook/db/client';
import { viewerSplitOf } from '@rewardbook/domain/allocation/allocation';
import { boostsByGrowth } from '@rewardbook/domain/allocation/boost';
import { withCarriers } from '@rewardbook/domain/allocation/close-columns';
import { type Scouted, scoutedOf } from '@rewardbook/domain/beyond/commissions';
import { asksForFollowers, type CloseResult, openClose } from '@rewardbook/domain/close/close';
import { excludedByRule } from '@rewardbook/domain/close/exclusions';
import { metrics } from '@rewardbook/domain/close/measures';
import type { ExcludedByRule, Metrics } from '@rewardbook/domain/close/result';
import type { LockstepGroup } from '@rewardbook/domain/events/lockstep';
import { type CreatorFacts, creatorsHasher } from '@rewardbook/domain/policy/creator';
import { isAnyScouted, joiningDays, readFacts } from '../../creators/sql.ts';
import { startsOfProgram } from '../../programs/program-starts.ts';
import { type Ledger, timed } from '../../service/ledger.ts';
import { readCarriedOut } from '../sql/allocations.ts';
import { countNewEvents, type FoldBounds, type FoldCall, type Folded, foldEvents, judgedDays } from '../sql/fold.ts';
import { readPairs } from '../sql/viewers.ts';
import { findLockstep } from './find-lockstep.ts';
import type { CloseAttempt } from './fold-connections.ts';
import { withFoldConnections } from './fold-connections.ts';
import { followersBefore } from './followers-before.ts';
import { startsOfDays } from './joining-days.ts';
import { mergeParts } from './merge-parts.ts';
import { windowsOfDays } from './period-windows.ts';
import type { ClosePlan } from './plan-close.ts';

/** What a close comes to, before any of it is in the books. */
export interface ComputedClose {
  readonly result: CloseResult;
  readonly creatorsHash: string;
  readonly excluded: readonly ExcludedByRule[];
  readonly metrics: Metrics;
  /** undefined: the policy does not ask for it. */
  readonly lockstep: readonly LockstepGroup[] | undefined;
}

/** In how many parts the events of a close are best folded. */
export async function partsOf(
  { slowSql, eventsForTwoParts }: Ledger,
  { program, closeNo }: ClosePlan,
): Promise<number> {
  return (await countNewEvents(slowSql, program.programId, closeNo)) >= eventsForTwoParts ? 2 : 1;
}

/**
 * Folds the events of a close and decides its allocations. Under `attemptId` the register's changes are written, to count once
 * the close is committed; null is a dry run, which writes nothing.
 */
export async function computeClose(ledger: Ledger, plan: ClosePlan, attempt: CloseAttempt): Promise<ComputedClose> {
  const lockstep = await findLockstep(ledger, plan, attempt.attemptId);
  return withFoldConnections(ledger, plan, attempt, async (foldConnections) => {
    const folded = await timed(ledger, 'fold', () =>
      foldAll(ledger, plan, { attemptId: attempt.attemptId, foldConnections }),
    );
    return { ...(await computeAllocations(ledger, plan, foldConnections, folded)), lockstep };
  });
}

/** From what was folded to allocations. */
async function computeAllocations(
  ledger: Ledger,
  plan: ClosePlan,
  foldConnections: readonly Sql[],
  folded: Folded,
): Promise<Omit<ComputedClose, 'lockstep'>> {
  const carried =
    plan.previousAttempt === null
      ? new Map<string, string>()
      : await readCarriedOut(ledger.slowSql, plan.program.programId, plan.previousAttempt);
  const registry = await timed(ledger, 'registry', () => readRegistry(ledger, plan, foldConnections, folded, carried));
  const opened = await timed(ledger, 'compute', async () => {
    const follows = asksForFollowers(plan.policy) ? followsOf(folded) : new Map<string, number>();
    return openClose({
      ...plan,
      program: plan.program.slug,
      currency: plan.program.currency,
      creatorsHash: registry.hash,
      negativeRevenueCarriedIn: plan.revenueCarriedIn,
      registered: (creatorId) => registry.facts.get(creatorId),
      followers: (creatorId) => (registry.facts.get(creatorId)?.followers ?? 0) + (follows.get(creatorId) ?? 0),
      followersBefore: registry.followersBefore,
      creators: withCarriers(folded, carried),
      beyond: { scouted: registry.scouted },
    });
  });
  if (opened.needsPairs) {
    await timed(ledger, 'pairs', () => Promise.all(foldConnections.map((sql) => readPairs(sql, opened.pairs()))));
  }
  return timed(ledger, 'compute', async () => {
    const result = opened.finish();
    const amounts: bigint[] = [];
    for (const row of result.creators) {
      if (row.points !== '0') {
        amounts.push(row.amount);
      }
    }
    return {
      result,
      creatorsHash: registry.hash,
      excluded: excludedByRule(folded.excluded, plan.policy),
      metrics: metrics(amounts),
    };
  });
}

async function foldAll(
  { slowSql }: Ledger,
  plan: ClosePlan,
  { attemptId, foldConnections }: CloseAttempt,
): Promise<Folded> {
  const { programId, timeZone } = plan.program;
  const { risk, allocation } = plan.policy;
  const { start, end } = plan.bounds;
  const which = { programId, closeNo: plan.closeNo, attemptId, start, end };
  const hasLimitPerPeriod = risk.maxTogglesPerEngagement !== undefined || risk.maxLikesPerPair !== undefined;
  const countFollowers = asksForFollowers(plan.policy);
  const call: FoldCall = {
    ...which,
    firstStart: plan.firstStart,
    lateBefore: plan.lateBefore,
    creatorsVersion: plan.creatorsVersion,
    blockedViewers: risk.blockedViewers ?? [],
    blockedCreators: risk.blockedCreators ?? [],
    maxEventsPerViewerPerHour: risk.maxEventsPerViewerPerHour ?? null,
    maxTogglesPerEngagement: risk.maxTogglesPerEngagement ?? null,
    maxLikesPerPair: risk.maxLikesPerPair ?? null,
    minViewerAgeHours: risk.minViewerAgeHours ?? null,
    bounds: hasLimitPerPeriod ? await windowBounds(slowSql, plan.program, which) : null,
    countFollowers,
    joined: countFollowers ? startsOfDays(await joiningDays(slowSql, programId, plan.creatorsVersion), timeZone) : [],
    keepPairs: viewerSplitOf(allocation.method) !== undefined,
    keepStart: plan.closeNo === 1 && boostsByGrowth(plan.policy),
  };
  return mergeParts(
    await Promise.all(foldConnections.map((sql, part) => foldEvents(sql, call, part, foldConnections.length))),
  );
}

/** The starts of the periods that what is judged lies in. */
async function windowBounds(sql: Sql, program: ClosePlan['program'], which: FoldBounds): Promise<number[]> {
  const startOf = await startsOfProgram(sql, program);
  return (await windowsOfDays({ ...program, startOf }, await judgedDays(sql, which))).bounds;
}

function followsOf({ creatorIds, followers }: Folded): Map<string, number> {
  return new Map(creatorIds.map((creatorId, index) => [creatorId, followers[index] ?? 0]));
}

interface Registry {
  readonly hash: string;
  /** What the policy asks about of creators who take part. */
  readonly facts: ReadonlyMap<string, CreatorFacts>;
  readonly followersBefore: ((creatorId: string) => number) | undefined;
  /** Empty where the policy pays no scouts. */
  readonly scouted: readonly Scouted[];
}

async function readRegistry(
  ledger: Ledger,
  plan: ClosePlan,
  foldConnections: readonly Sql[],
  folded: Folded,
  carried: ReadonlyMap<string, string>,
): Promise<Registry> {
  const { registeredOnly, minAccountAgeDays, countries } = plan.policy.eligibility;
  const asksFacts = registeredOnly || minAccountAgeDays > 0 || countries !== undefined || asksForFollowers(plan.policy);
  const isAsked = asksFacts || boostsByGrowth(plan.policy);
  const taking = isAsked ? new Set([...folded.creatorIds, ...carried.keys()]) : new Set<string>();
  const { programId } = plan.program;
  const hasher = creatorsHasher(await isAnyScouted(ledger.slowSql, programId, plan.creatorsVersion));
  const scouted: Scouted[] = [];
  const facts = new Map<string, CreatorFacts>();
  await readFacts(ledger.slowSql, programId, plan.creatorsVersion, (creator) => {
    hasher.add(creator);
    if (plan.policy.scouts !== undefined) {
      scouted.push(...scoutedOf([creator]));
    }
    if (asksFacts && taking.has(creator.creatorId)) {
      facts.set(creator.creatorId, creator);
    }
  });
  const before = await followersBefore(ledger, plan, foldConnections, (creatorId) => taking.has(creatorId));
  return { hash: hasher.digest(), facts, followersBefore: before, scouted };
}
