import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { writeScaled } from '@rewardbook/money/decimal-text';
import { divideHalfEven } from '@rewardbook/money/rounding';
import { type Random, randomFrom } from '../generator/random.ts';
import { amountsByCreator, type Outcome, outcomeUnder } from '../whatif/outcome.ts';
import { ATTACK_SOURCE, splitAccount } from './fake-events.ts';

export const MANIPULATIONS = ['split', 'fake-viewers'] as const;

/**
 * What is tried: `split`: one account becomes two, its fans or its contents divided between them, nothing else changed.
 * `fake-viewers`: viewers join who like only this creator.
 */
export type Manipulation = (typeof MANIPULATIONS)[number];

/** What a search found. Fractions are of the whole pool, as decimal strings of 6 places. */
export interface ManipulationFound {
  readonly manipulation: Manipulation;
  readonly trials: number;
  /** Trials in which the adversary had more, by more than rounding to units can give. */
  readonly gained: number;
  /** The most that it gained in any. */
  readonly largestGain: string;
  /**
   * The most that one fake viewer moved, in even parts of the pool per viewer, fake ones included; null without fake
   * viewers.
   */
  readonly perViewer: string | null;
  /** The world of the largest gain, so that anyone can check it; null if nothing was gained. */
  readonly example: ManipulationExample | null;
}

export interface ManipulationExample {
  readonly creatorId: string;
  /** Minor units of a pool of 10^12. */
  readonly before: string;
  readonly after: string;
  /** `viewer creator content`, a line each. */
  readonly likes: readonly string[];
  readonly manipulated: readonly string[];
}

const STREAM = 21;
const POOL = 10n ** 12n;
const PERIOD = '2026-10-01';
const OCCURRED_AT = Date.UTC(2026, 9, 1, 12);
const PLACES = 6;
const ATTACKER = 'mallory';

/**
 * Looks for worlds of a few creators and viewers in which a manipulation pays under a policy's weights and allocation (its rules and
 * conditions left out): random ones, the same for the same seed. A world that it finds is a proof. Finding
 * nothing is not: it only says that none of the small worlds tried has one.
 */
export function searchManipulation(
  policy: Policy,
  manipulation: Manipulation,
  trials: number,
  seed: number,
): ManipulationFound {
  const tried = searched(policy);
  const random = randomFrom(seed, STREAM);
  let gained = 0;
  let largest = 0n;
  let mostMoved = 0n;
  let example: ManipulationExample | null = null;
  for (let trial = 0; trial < trials; trial += 1) {
    const world = randomWorld(random);
    const { events, accounts, viewers } = manipulate(world, manipulation, random);
    const before = amountOf(outcomeIn(tried, world), [ATTACKER]);
    const after = amountOf(outcomeIn(tried, events), accounts);
    const gain = after - before;
    // Each account's part may be off its quota by almost a unit.
    if (gain <= BigInt(1 + accounts.length)) {
      continue;
    }
    gained += 1;
    if (viewers > 0) {
      const all = BigInt(new Set(events.map(({ viewerId }) => viewerId)).size);
      const moved = (gain * all) / BigInt(viewers);
      if (moved > mostMoved) {
        mostMoved = moved;
      }
    }
    if (gain <= largest) {
      continue;
    }
    largest = gain;
    example = {
      creatorId: ATTACKER,
      before: String(before),
      after: String(after),
      likes: world.map(lineOf),
      manipulated: events.map(lineOf),
    };
  }
  return {
    manipulation,
    trials,
    gained,
    largestGain: quotient(largest, POOL),
    perViewer: manipulation === 'split' ? null : quotient(mostMoved, POOL),
    example,
  };
}

/** The policy's weights and allocation, on one day whose whole revenue is the pool. */
function searched({ weights, allocation, ...policy }: Policy) {
  const plain: Policy = {
    ...policy,
    currency: 'JPY',
    timeZone: 'UTC',
    period: 'day',
    revenueShare: '1',
    weights,
    allocation,
    eligibility: { registeredOnly: false, minFollowers: 0, minPoints: '0', minAccountAgeDays: 0 },
    boosts: [],
    risk: {},
  };
  return { policy: plain, policyHash: policyHash(plain) };
}

/** A few creators whom a few viewers like, the attacker at least once. */
function randomWorld(random: Random): EngagementEvent[] {
  const creators = 1 + (random() % 4);
  const viewers = 1 + (random() % 5);
  const count = 1 + (random() % 16);
  const events = [like('v1', ATTACKER, 'k1')];
  const seen = new Set(events.map(lineOf));
  for (let n = 0; n < count; n += 1) {
    const creator = random() % (creators + 1);
    const viewerId = `v${1 + (random() % viewers)}`;
    const event = like(viewerId, creator === 0 ? ATTACKER : `c${creator}`, `k${1 + (random() % 4)}`);
    if (!seen.has(lineOf(event))) {
      events.push(event);
    }
    seen.add(lineOf(event));
  }
  return events;
}

interface Manipulated {
  readonly events: readonly EngagementEvent[];
  readonly accounts: readonly string[];
  /** Fake viewers. */
  readonly viewers: number;
}

function manipulate(world: readonly EngagementEvent[], manipulation: Manipulation, random: Random): Manipulated {
  if (manipulation === 'fake-viewers') {
    const viewers = 1 + (random() % 3);
    const likesEach = 1 + (random() % 8);
    const fake = Array.from({ length: viewers * likesEach }, (_, n) =>
      like(`fake${1 + (n % viewers)}`, ATTACKER, `f${Math.floor(n / viewers)}`),
    );
    return { events: [...world, ...fake], accounts: [ATTACKER], viewers };
  }
  const byViewer = random() % 2 === 0;
  const bits = random();
  const second = splitAccount(ATTACKER, 1);
  const events = world.map((event) => {
    // The n-th bit decides for the n-th viewer, or the n-th content.
    const place = Number((byViewer ? event.viewerId : event.contentId).slice(1));
    return event.creatorId === ATTACKER && ((bits >>> place) & 1) === 1 ? { ...event, creatorId: second } : event;
  });
  return { events, accounts: [ATTACKER, second], viewers: 0 };
}

function outcomeIn(tried: ReturnType<typeof searched>, events: readonly EngagementEvent[]): Outcome {
  return outcomeUnder(tried, { creators: [], revenue: new Map([[PERIOD, POOL]]) }, events);
}

function amountOf(outcome: Outcome, creatorIds: readonly string[]): bigint {
  const amounts = amountsByCreator(outcome);
  return creatorIds.reduce((sum, creatorId) => sum + (amounts.get(creatorId) ?? 0n), 0n);
}

function like(viewerId: string, creatorId: string, contentId: string): EngagementEvent {
  const id = `${viewerId} ${creatorId} ${contentId}`;
  return { id, source: ATTACK_SOURCE, type: 'like', viewerId, creatorId, contentId, occurredAt: OCCURRED_AT };
}

function lineOf({ viewerId, creatorId, contentId }: EngagementEvent): string {
  return `${viewerId} ${creatorId} ${contentId}`;
}

function quotient(numerator: bigint, denominator: bigint): string {
  return writeScaled(divideHalfEven(numerator * 10n ** BigInt(PLACES), denominator), PLACES);
}
