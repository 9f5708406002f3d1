import { parseDate } from '@rewardbook/domain/calendar';
import { type CloseResult, type CreatorCounts, computeClose as decide } from '@rewardbook/domain/close';
import { type CreatorFacts, creatorsHasher } from '@rewardbook/domain/creator';
import { pointsOf, pointsScale } from '@rewardbook/domain/points';
import type { Policy } from '@rewardbook/domain/policy';
import type { ExcludedByRule, Metrics } from '@rewardbook/domain/result';
import { RISK_RULES } from '@rewardbook/domain/risk-rule';
import { startOfDate } from '@rewardbook/domain/time-zone';
import { compareUtf8 } from '@rewardbook/domain/utf8-order';
import { formatScaled } from '@rewardbook/money/decimal';
import { metrics } from '@rewardbook/simulate/measures';
import { readCarriedOut } from '../store/allocation-store.ts';
import { joiningDays, readFacts } from '../store/creator-store.ts';
import { type FoldCall, type FoldRow, foldEvents, judgedDays } from '../store/fold-store.ts';
import { type Ledger, timed } from './ledger.ts';
import { windowsOfDays } from './period-windows.ts';
import type { ClosePlan } from './plan-close.ts';

/** What a close comes to, before any of it is in the books. */
export interface ComputedClose {
  readonly result: CloseResult;
  readonly creatorsHash: string;
  readonly excluded: readonly ExcludedByRule[];
  readonly metrics: Metrics;
}

/**
 * Folds the events of a close and decides its allocations. Under `foldId` the register's changes are written, to count once
 * the close is committed; null is a dry run, which writes nothing.
 */
export async function computeClose(ledger: Ledger, plan: ClosePlan, foldId: string | null): Promise<ComputedClose> {
  const folded = await timed(ledger, 'fold', () => foldAll(ledger, plan, foldId));
  const carried = await readCarried(ledger, plan);
  const registry = await timed(ledger, 'registry', () => readRegistry(ledger, plan, folded, carried));
  return timed(ledger, 'compute', async () => {
    const result = decide({
      ...plan,
      program: plan.program.slug,
      currency: plan.program.currency,
      creatorsHash: registry.hash,
      negativeRevenueCarriedIn: plan.revenueCarriedIn,
      registered: (creatorId) => registry.facts.get(creatorId),
      followers: (creatorId) =>
        (registry.facts.get(creatorId)?.followers ?? 0) + (folded.followers.get(creatorId) ?? 0),
      creators: countsOf(folded, carried),
    });
    const amounts: bigint[] = [];
    for (const row of result.creators) if (row.points !== '0') amounts.push(row.amount);
    return { result, creatorsHash: registry.hash, excluded: folded.excluded, metrics: metrics(amounts) };
  });
}

/** Net counts as columns, by creatorId in byte order: a million objects would cost several times the memory. */
interface Folded {
  readonly creatorIds: string[];
  readonly netLikes: number[];
  readonly netFollows: number[];
  /** Active follows at the end of the period, where the policy asks for them. */
  readonly followers: Map<string, number>;
  readonly excluded: ExcludedByRule[];
}

async function foldAll({ slowSql }: Ledger, plan: ClosePlan, foldId: string | null): Promise<Folded> {
  const { programId, timeZone } = plan.program;
  const { risk, eligibility } = plan.policy;
  const { start, end } = plan.bounds;
  const which = { programId, closeNo: plan.closeNo, foldId, start, end };
  const hasLimitPerPeriod = risk.maxTogglesPerEngagement !== undefined || risk.maxLikesPerPair !== undefined;
  const countFollowers = eligibility.minFollowers > 0;
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
    bounds: hasLimitPerPeriod ? windowsOfDays(plan.program, await judgedDays(slowSql, which)).bounds : null,
    countFollowers,
    joined: countFollowers ? startsOf(await joiningDays(slowSql, programId, plan.creatorsVersion), timeZone) : [],
  };
  const folded: Folded = { creatorIds: [], netLikes: [], netFollows: [], followers: new Map(), excluded: [] };
  const excluded: FoldRow[] = [];
  for await (const rows of foldEvents(slowSql, call)) {
    for (const row of rows) {
      if (row.creatorId === null) {
        excluded.push(row);
        continue;
      }
      if (row.followers > 0) folded.followers.set(row.creatorId, row.followers);
      if (row.netLikes === 0 && row.netFollows === 0) continue;
      folded.creatorIds.push(row.creatorId);
      folded.netLikes.push(row.netLikes);
      folded.netFollows.push(row.netFollows);
    }
  }
  return { ...folded, excluded: summarise(excluded, plan.policy) };
}

function startsOf(days: readonly string[], timeZone: string): { day: string; start: number }[] {
  return days.map((day) => {
    const date = parseDate(day);
    if (date === undefined) throw new Error(`the registry has a day of joining that is no date: ${day}`);
    return { day, start: startOfDate(date, timeZone) };
  });
}

/** In the order of the rules, with the points that the events would have added. */
function summarise(rows: readonly FoldRow[], policy: Policy): ExcludedByRule[] {
  const scale = pointsScale(policy);
  const formula = pointsOf(policy, scale);
  return RISK_RULES.flatMap((rule) => {
    const row = rows.find((candidate) => candidate.rule === rule);
    if (row === undefined) return [];
    const points = formatScaled(formula(row.addedLikes, row.addedFollows, undefined), scale);
    return [{ rule, events: row.events, points }];
  });
}

/** Negative points that the close before carried out, by creatorId in byte order. */
async function readCarried({ slowSql }: Ledger, plan: ClosePlan): Promise<Map<string, string>> {
  const carried = new Map<string, string>();
  if (plan.previousFold === null) return carried;
  for await (const rows of readCarriedOut(slowSql, plan.program.programId, plan.previousFold)) {
    for (const { creatorId, carriedOut } of rows) carried.set(creatorId, carriedOut);
  }
  return carried;
}

/** The registry's hash, and what the policy's eligibility asks about of creators who take part. */
async function readRegistry(
  { slowSql }: Ledger,
  plan: ClosePlan,
  folded: Folded,
  carried: ReadonlyMap<string, string>,
): Promise<{ hash: string; facts: Map<string, CreatorFacts> }> {
  const { registeredOnly, minFollowers, minAccountAgeDays, countries } = plan.policy.eligibility;
  const isAsked = registeredOnly || minFollowers > 0 || minAccountAgeDays > 0 || countries !== undefined;
  const taking = isAsked ? new Set([...folded.creatorIds, ...carried.keys()]) : new Set<string>();
  const hasher = creatorsHasher();
  const facts = new Map<string, CreatorFacts>();
  for await (const creators of readFacts(slowSql, plan.program.programId, plan.creatorsVersion)) {
    for (const creator of creators) {
      hasher.add(creator);
      if (taking.has(creator.creatorId)) facts.set(creator.creatorId, creator);
    }
  }
  return { hash: hasher.digest(), facts };
}

/** Everybody who gained, lost or carries, by creatorId in byte order: both lists are in it already. */
function* countsOf(folded: Folded, carried: ReadonlyMap<string, string>): Generator<CreatorCounts> {
  const carriers = carried.keys();
  let carrier = carriers.next();
  for (const [index, creatorId] of folded.creatorIds.entries()) {
    while (!carrier.done && compareUtf8(carrier.value, creatorId) < 0) {
      yield { creatorId: carrier.value, netLikes: 0, netFollows: 0, carriedIn: carried.get(carrier.value) };
      carrier = carriers.next();
    }
    if (!carrier.done && carrier.value === creatorId) carrier = carriers.next();
    yield {
      creatorId,
      netLikes: folded.netLikes[index] ?? 0,
      netFollows: folded.netFollows[index] ?? 0,
      carriedIn: carried.get(creatorId),
    };
  }
  for (; !carrier.done; carrier = carriers.next()) {
    yield { creatorId: carrier.value, netLikes: 0, netFollows: 0, carriedIn: carried.get(carrier.value) };
  }
}
