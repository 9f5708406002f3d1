import type { EngagementEvent } from '@rewardbook/domain/event';
import { periodBounds } from '@rewardbook/domain/period';
import { eventIds } from './event-id.ts';
import { heavyTail } from './heavy-tail.ts';
import { creatorIds, ownViewerId } from './names.ts';
import { fraction, mix, randomFrom } from './random.ts';
import { rhythmOf } from './rhythm.ts';
import type { Scenario, ScenarioSize } from './scenario.ts';
import { TakeBacks } from './take-backs.ts';

const STREAM = 1;
const FAVOURITES = 8;

/**
 * The scenario's events, in time order with rising ids: the same for the same scenario, sizes and seed on every machine. Streams: memory
 * follows creators, viewers and the take-backs that are still to come, not events.
 *
 * A like goes to one of a creator's contents, mostly a recent one (a content a day); a viewer picks a creator by popularity, or one of a few
 * favourites; what is taken back is taken back in a later hour, most within a day.
 */
export function* generateEvents(scenario: Scenario, size: ScenarioSize = {}): Generator<EngagementEvent> {
  const { seed, events, creators, viewers } = { ...scenario, ...size };
  const start = periodBounds(scenario.firstPeriod, scenario.timeZone).start;
  const end = periodBounds(scenario.lastPeriod, scenario.timeZone).end;
  const { hourMs, eventsOfHour } = rhythmOf(scenario, start, end, events);
  const random = randomFrom(seed, STREAM);
  const drawCreator = heavyTail(creators, scenario.popularityShift);
  const drawViewer = heavyTail(viewers, scenario.activityShift);
  const idOf = eventIds(seed);
  const idOfCreator = creatorIds(creators);
  const takeBacks = new TakeBacks(eventsOfHour.length);
  const happens = (probability: number) => fraction(random()) < probability;

  let number = 0;
  for (let hour = 0; hour < eventsOfHour.length; hour++) {
    const inHour = eventsOfHour[hour] ?? 0;
    const day = Math.floor(hour / 24);
    for (let i = 0; i < inHour; i++) {
      // One in each of `inHour` equal slices, so times rise without sorting.
      const occurredAt = start + hour * hourMs + Math.floor(((i + fraction(random())) / inHour) * hourMs);
      const id = idOf(occurredAt, number++);
      const left = inHour - i;
      if (fraction(random()) * left < takeBacks.due(hour)) {
        const { viewerId, creatorId, contentId } = takeBacks.take(hour);
        const type = contentId === '' ? 'unfollow' : 'unlike';
        yield { id, source: 'app', type, viewerId, creatorId, contentId, occurredAt };
        continue;
      }
      const viewer = drawViewer(random(), random());
      const creator = happens(scenario.loyaltyProbability)
        ? favourite(viewer, random() % FAVOURITES)
        : drawCreator(random(), random());
      const creatorId = idOfCreator[creator] ?? '';
      const viewerId = happens(scenario.selfEngagementProbability) ? ownViewerId(creator) : `v${viewer + 1}`;
      const isFollow = happens(scenario.followProbability);
      const contentId = isFollow ? '' : `${creatorId}-${Math.max(0, day - Math.clz32(random()))}`;
      if (happens(isFollow ? scenario.unfollowProbability : scenario.unlikeProbability)) {
        takeBacks.plan(hour, random(), { viewerId, creatorId, contentId });
      }
      yield { id, source: 'app', type: isFollow ? 'follow' : 'like', viewerId, creatorId, contentId, occurredAt };
    }
    takeBacks.carryOver(hour);
  }

  function favourite(viewer: number, which: number): number {
    const key = mix(viewer * FAVOURITES + which + seed);
    return drawCreator(key, mix(key ^ FAVOURITES));
  }
}
