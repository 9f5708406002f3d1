import { heavyTail } from './heavy-tail.ts';
import { creatorIdOf } from './names.ts';
import { type Part, spreadOver } from './part.ts';
import { fraction, randomFrom } from './random.ts';
import type { BurstSettings, Scenario } from './scenario.ts';

const FIRST_STREAM = 1_000;
// Steps below this keep step × viewer an exact integer of float64.
const MAX_STEP = 2 ** 25;

interface BurstInput {
  readonly scenario: Pick<Scenario, 'seed' | 'creators' | 'viewers' | 'activityShift'>;
  readonly burst: BurstSettings;
  /** Place of the burst among the scenario's, from 0: each has its own random numbers. */
  readonly index: number;
  readonly events: number;
  readonly hours: number;
}

/**
 * People who come for one thing: they follow its creators, each of them once and nobody twice while there are viewers left, and like its
 * content; active viewers like more.
 */
export function burstPart({ scenario, burst, index, events, hours }: BurstInput): Part {
  const { seed, viewers } = scenario;
  const random = randomFrom(seed, FIRST_STREAM + index);
  const first = Math.min(burst.creators[0], scenario.creators) - 1;
  const count = Math.min(burst.creators[1], scenario.creators) - first;
  const drawViewer = heavyTail(viewers, scenario.activityShift);
  const step = coprimeStep(viewers, random());
  const offset = random() % viewers;
  let followers = 0;
  return {
    eventsOfHour: spreadOver(hours, events, burst.startHour, burst.curve),
    isOrganic: true,
    next(day) {
      const creatorId = creatorIdOf(first + (random() % count));
      if (fraction(random()) < burst.followProbability) {
        // Multiplication by a coprime step visits every viewer once before it comes round.
        const viewer = (step * (followers % viewers) + offset) % viewers;
        followers += 1;
        return { type: 'follow', viewerId: `v${viewer + 1}`, creatorId, contentId: '' };
      }
      const contentId = burst.content ?? `${creatorId}-${day}`;
      return { type: 'like', viewerId: `v${drawViewer(random(), random()) + 1}`, creatorId, contentId };
    },
  };
}

function coprimeStep(size: number, bits: number): number {
  const most = Math.min(size, MAX_STEP);
  for (let step = 1 + (bits % most); step < most; step++) {
    if (greatestCommonDivisor(step, size) === 1) {
      return step;
    }
  }
  return 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
