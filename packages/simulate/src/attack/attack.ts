import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { AllocationPolicy } from '@rewardbook/domain/policy/policy';
import { RISK_RULES, type RiskRule } from '@rewardbook/domain/policy/risk-rule';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { formatScaled, parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { divideHalfEven } from '@rewardbook/money/rounding';
import type { SimulatedPolicy } from '../closes/simulation.ts';
import { accepted } from '../events/accepted-events.ts';
import { changesBetween } from '../whatif/compare.ts';
import type { Outcome, OutcomeInputs } from '../whatif/outcome.ts';
import { trials } from '../whatif/trials.ts';
import { type AttackPlan, fakeEvents, splitAccount, splitCreators, splitting } from './fake-events.ts';

/** Prices of an attack in major units, plain decimals of any number of places. */
export interface AttackPrices {
  readonly perEvent: string;
  readonly perAccount: string;
}

/** A policy to try the attack on, its name, and which of its rules are in force. */
export interface AttackCase extends Pick<SimulatedPolicy, 'policy' | 'policyHash'> {
  readonly name: string;
  /** `as written`, `none`, or the only rule in force, such as `minViewerAgeHours`. */
  readonly rules: string;
}

/** What an attack does to the outcome of a policy, over all periods. Money in major units. */
export interface AttackResult {
  readonly policy: string;
  readonly rules: string;
  readonly policyHash: string;
  readonly allocation: AllocationPolicy;
  /** What the adversary's creators get, over all their accounts. */
  readonly before: string;
  readonly after: string;
  readonly gain: string;
  readonly fakeEvents: number;
  readonly accounts: number;
  /** Events that rules excluded more than without the attack, by rule. */
  readonly excluded: readonly { readonly rule: RiskRule; readonly events: number }[];
  /** Fake viewers whom the lockstep report lists; null where the policy has none. */
  readonly suspected: number | null;
  /** gain ÷ fake events: at this price of an event the attack breaks even, where accounts cost nothing. Null without events. */
  readonly gainPerEvent: string | null;
  /** (gain − accounts × their price) ÷ fake events, 0 at least: the most that an event may cost. Null without events. */
  readonly breakEvenPrice: string | null;
  readonly cost: string;
  /** gain − cost. */
  readonly profit: string;
  /** What the others lose in total (negative if they gain), and how much of it was left undistributed. */
  readonly honestLoss: string;
  readonly undistributedChange: string;
  readonly losers: number;
  /** Which of the others loses most; null if no one loses. */
  readonly hardestHit: { readonly creatorId: string; readonly loss: string } | null;
}

export interface AttackInputs extends OutcomeInputs {
  readonly creators: readonly RegisteredCreator[];
}

// Prices of an event are small: they have this many places more than the currency.
const PRICE_PLACES = 6;

/** Tries an attack on each case, one after the other. Throws DomainError as `trials`. */
export function* attack(
  plan: AttackPlan,
  prices: AttackPrices,
  cases: Iterable<AttackCase>,
  inputs: AttackInputs,
  given: Iterable<EngagementEvent>,
): Generator<AttackResult, void, undefined> {
  const isSplit = plan.kind === 'split';
  const fake = fakeEvents(plan);
  const events = accepted(given);
  const attacked = events.with(isSplit ? splitting(plan) : (event) => event, fake);
  const attackedInputs = isSplit ? splitInputs(inputs, plan) : inputs;
  const fakeViewers = new Set(fake.map(({ viewerId }) => viewerId));
  const without = trials(inputs, events);
  const under = trials(attackedInputs, attacked);
  for (const each of cases) {
    yield resultOf(each, { plan, prices, fakeViewers, fakeEvents: fake.length }, without(each), under(each));
  }
}

/** As if the creators had had several accounts from the beginning: also at past closes. */
function splitInputs({ creators, past, ...inputs }: AttackInputs, plan: AttackPlan): AttackInputs {
  const closes = past?.map((close) => ({ ...close, creators: splitCreators(close.creators, plan) }));
  return { ...inputs, creators: splitCreators(creators, plan), past: closes };
}

interface Attack {
  readonly plan: AttackPlan;
  readonly prices: AttackPrices;
  readonly fakeViewers: ReadonlySet<string>;
  readonly fakeEvents: number;
}

function resultOf(
  { name, rules, policy, policyHash }: AttackCase,
  attacked: Attack,
  before: Outcome,
  after: Outcome,
): AttackResult {
  const { plan, prices, fakeViewers, fakeEvents: made } = attacked;
  const { currency } = before;
  const own = accountsOf(plan);
  const accounts = plan.kind === 'split' ? own.size - plan.creatorIds.length : fakeViewers.size;
  const [ownBefore, ownAfter] = [sumOver(before, own), sumOver(after, own)];
  const gain = ownAfter - ownBefore;
  const scale = currency.digits + Math.max(PRICE_PLACES, scaleOf(prices.perEvent), scaleOf(prices.perAccount));
  const scaledGain = gain * 10n ** BigInt(scale - currency.digits);
  const accountsCost = parseScaled(prices.perAccount, scale) * BigInt(accounts);
  const cost = parseScaled(prices.perEvent, scale) * BigInt(made) + accountsCost;
  const forEvents = scaledGain > accountsCost ? scaledGain - accountsCost : 0n;
  const perEvent = (scaled: bigint): string | null =>
    made === 0 ? null : formatScaled(divideHalfEven(scaled, BigInt(made)), scale);
  const honest = lossesOf(before, after, own);
  return {
    policy: name,
    rules,
    policyHash,
    allocation: policy.allocation,
    before: formatAmount(ownBefore, currency),
    after: formatAmount(ownAfter, currency),
    gain: formatAmount(gain, currency),
    fakeEvents: made,
    accounts,
    excluded: moreExcluded(before, after),
    suspected:
      policy.risk.lockstep === undefined ? null : [...fakeViewers].filter((id) => after.suspects.has(id)).length,
    gainPerEvent: perEvent(scaledGain),
    breakEvenPrice: perEvent(forEvents),
    cost: formatScaled(cost, scale),
    profit: formatScaled(scaledGain - cost, scale),
    honestLoss: formatAmount(honest.total, currency),
    undistributedChange: formatAmount(after.undistributed - before.undistributed, currency),
    losers: honest.losers,
    hardestHit: hardestHit(honest.largest, currency),
  };
}

function accountsOf({ kind, creatorIds, accounts }: AttackPlan): Set<string> {
  if (kind !== 'split') {
    return new Set(creatorIds);
  }
  return new Set(
    creatorIds.flatMap((id) => Array.from({ length: accounts }, (_, account) => splitAccount(id, account))),
  );
}

function sumOver({ creatorIds: all, amounts }: Outcome, creatorIds: ReadonlySet<string>): bigint {
  return all.reduce((sum, creatorId, place) => (creatorIds.has(creatorId) ? sum + (amounts[place] ?? 0n) : sum), 0n);
}

interface Loss {
  readonly creatorId: string;
  readonly minor: bigint;
}

function lossesOf(before: Outcome, after: Outcome, own: ReadonlySet<string>) {
  let total = 0n;
  let losers = 0;
  let largest: Loss | undefined;
  const changes = changesBetween(before, after);
  for (const [place, creatorId] of changes.creatorIds.entries()) {
    if (own.has(creatorId)) {
      continue;
    }
    const minor = (changes.before[place] ?? 0n) - (changes.after[place] ?? 0n);
    total += minor;
    if (minor <= 0n) {
      continue;
    }
    losers += 1;
    const isLarger =
      largest === undefined ||
      minor > largest.minor ||
      (minor === largest.minor && compareUtf8(creatorId, largest.creatorId) < 0);
    if (isLarger) {
      largest = { creatorId, minor };
    }
  }
  return { total, losers, largest };
}

function hardestHit(largest: Loss | undefined, currency: Currency): AttackResult['hardestHit'] {
  return largest === undefined ? null : { creatorId: largest.creatorId, loss: formatAmount(largest.minor, currency) };
}

function moreExcluded(before: Outcome, after: Outcome): AttackResult['excluded'] {
  return RISK_RULES.map((rule) => ({
    rule,
    events: (after.excluded.get(rule) ?? 0) - (before.excluded.get(rule) ?? 0),
  })).filter(({ events }) => events !== 0);
}
