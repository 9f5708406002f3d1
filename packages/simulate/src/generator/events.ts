import { type EngagementEvent, eventType } from '@rewardbook/domain/events/event';
import { eventIds } from './event-id.ts';
import { heavyTail } from './heavy-tail.ts';
import { creatorIds, ownViewerId } from './names.ts';
import type { Action, Part } from './part.ts';
import { accountsOf, partsOf } from './parts.ts';
import { fraction, mix, randomFrom } from './random.ts';
import { rhythmOf } from './rhythm.ts';
import { hoursOf, type Scenario, type ScenarioSize } from './scenario.ts';
import { TakeBacks } from './take-backs.ts';

const STREAM = 1;
const PARTS_STREAM = 3;
const FAVOURITES = 8;

/**
 * The scenario's events, in time order with rising ids: the same for the same scenario, sizes and seed on every machine. Streams: memory
 * follows creators, viewers and the take-backs that are still to come, not events.
 *
 * A like goes to one of a creator's contents, mostly a recent one; a viewer picks a creator by popularity, or one of a few
 * favourites; what is taken back is taken back in a later hour, most within a day. Bursts and adversaries mix in, hour by hour.
 */
export function* generateEvents(scenario: Scenario, size: ScenarioSize = {}): Generator<EngagementEvent> {
  const sizes = { ...scenario, ...size };
  const { seed, events } = sizes;
  const { start, end, hours } = hoursOf(scenario);
  const parts = partsOf(scenario, sizes, hours);
  const inParts = parts.reduce((sum, { eventsOfHour }) => sum + eventsOfHour.reduce((a, b) => a + b, 0), 0);
  const { hourMs, eventsOfHour } = rhythmOf(scenario, start, end, Math.max(0, events - inParts));
  const random = randomFrom(seed, STREAM);
  const choosePart = partChooser(parts, seed);
  const idOf = eventIds(seed);
  const takeBacks = new TakeBacks(eventsOfHour.length);
  const everyday = everydayLife(scenario, sizes, random);
  const happens = (probability: number) => fraction(random()) < probability;

  let number = 0;
  for (let hour = 0; hour < eventsOfHour.length; hour++) {
    let everydayLeft = eventsOfHour[hour] ?? 0;
    const inHour = choosePart.startHour(hour, everydayLeft);
    const day = Math.floor(hour / 24);
    for (let i = 0; i < inHour; i++) {
      // One in each of `inHour` equal slices, so times rise without sorting.
      const occurredAt = start + hour * hourMs + Math.floor(((i + fraction(random())) / inHour) * hourMs);
      const id = idOf(occurredAt, number++);
      const part = choosePart.next();
      if (part !== undefined) {
        const action = part.next(day);
        if (part.isOrganic) {
          planTakeBack(hour, action);
        }
        yield { id, source: 'app', ...action, occurredAt };
        continue;
      }
      const left = everydayLeft--;
      if (fraction(random()) * left < takeBacks.due(hour)) {
        const { viewerId, creatorId, contentId } = takeBacks.take(hour);
        const type = eventType(contentId === '', false);
        yield { id, source: 'app', type, viewerId, creatorId, contentId, occurredAt };
        continue;
      }
      const action = everyday(day);
      planTakeBack(hour, action);
      const { type, viewerId, creatorId, contentId } = action;
      yield { id, source: 'app', type, viewerId, creatorId, contentId, occurredAt };
    }
    takeBacks.carryOver(hour);
  }

  function planTakeBack(hour: number, { viewerId, creatorId, contentId }: Action): void {
    if (happens(contentId === '' ? scenario.unfollowProbability : scenario.unlikeProbability)) {
      takeBacks.plan(hour, random(), { viewerId, creatorId, contentId });
    }
  }
}

/** Likes and follows as they come every day, one at each call. */
function everydayLife(
  scenario: Scenario,
  { seed, creators, viewers }: Pick<Scenario, 'seed' | 'creators' | 'viewers'>,
  random: () => number,
): (day: number) => Action {
  const { communities = 1, communityProbability = 0, contentsPerDay = 1 } = scenario;
  const drawCreator = heavyTail(creators, scenario.popularityShift);
  const drawViewer = heavyTail(viewers, scenario.activityShift);
  const inCommunity = Math.max(1, Math.floor(creators / communities));
  const drawNeighbour = communities > 1 ? heavyTail(inCommunity, scenario.popularityShift) : drawCreator;
  const idOfCreator = creatorIds(creators);
  const accountOf = accountsOf(scenario, creators);
  const happens = (probability: number) => fraction(random()) < probability;

  const favourite = (viewer: number, which: number): number => {
    const key = mix(viewer * FAVOURITES + which + seed);
    return drawCreator(key, mix(key ^ FAVOURITES));
  };
  const creatorFor = (viewer: number): number => {
    if (communities > 1 && happens(communityProbability)) {
      return Math.min(creators - 1, drawNeighbour(random(), random()) * communities + (viewer % communities));
    }
    return happens(scenario.loyaltyProbability)
      ? favourite(viewer, random() % FAVOURITES)
      : drawCreator(random(), random());
  };
  return (day) => {
    const viewer = drawViewer(random(), random());
    const creator = creatorFor(viewer);
    const viewerId = happens(scenario.selfEngagementProbability) ? ownViewerId(creator) : `v${viewer + 1}`;
    const creatorId = idOfCreator[creator] ?? '';
    if (happens(scenario.followProbability)) {
      return { type: 'follow', viewerId, creatorId: accountOf(creatorId, viewer), contentId: '' };
    }
    const contentDay = Math.max(0, day - Math.clz32(random()));
    const nth = contentsPerDay > 1 ? random() % contentsPerDay : 0;
    const account = accountOf(creatorId, contentDay * contentsPerDay + nth);
    const contentId = contentsPerDay > 1 ? `${account}-${contentDay}-${nth}` : `${account}-${contentDay}`;
    return { type: 'like', viewerId, creatorId: account, contentId };
  };
}

/** Mixes the events of an hour at random: each of them, everyday or of a part, is as likely to be next as any other. */
function partChooser(parts: readonly Part[], seed: number) {
  const random = randomFrom(seed, PARTS_STREAM);
  const left = new Array<number>(parts.length).fill(0);
  let total = 0;
  return {
    /** Gives how many events the hour has in all. */
    startHour(hour: number, everyday: number): number {
      total = everyday;
      for (const [index, { eventsOfHour }] of parts.entries()) {
        left[index] = eventsOfHour[hour] ?? 0;
        total += left[index] ?? 0;
      }
      return total;
    },
    /** The part that the next event is of; undefined for everyday life. */
    next(): Part | undefined {
      if (parts.length === 0) {
        return undefined;
      }
      let place = Math.floor(fraction(random()) * total);
      total -= 1;
      for (const [index, part] of parts.entries()) {
        const ofPart = left[index] ?? 0;
        if (place < ofPart) {
          left[index] = ofPart - 1;
          return part;
        }
        place -= ofPart;
      }
      return undefined;
    },
  };
}
