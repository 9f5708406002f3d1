import { nextPeriod, periodAt } from '@rewardbook/domain/values/period';
import type { Line } from '@rewardbook/replay/lines';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { packStory } from '../support/pack-story.ts';
import type { Story } from '../support/undisturbed.ts';

/** The seed pack by weeks instead of months: nine closes, each of which can be disturbed. */
export async function weeklyStory(events: number): Promise<Story> {
  const story = await packStory({ events });
  const zone = story.policy.timeZone;
  const first = story.events[0]?.occurredAt ?? 0;
  const last = periodAt(story.events.at(-1)?.occurredAt ?? 0, 'week', zone);
  const revenue = new Map<string, string>();
  for (let week = periodAt(first, 'week', zone); revenue.size === 0 || week <= last; week = nextPeriod(week)) {
    revenue.set(week, '123456789.01');
  }
  return { ...story, policy: { ...story.policy, period: 'week' }, revenue };
}

/** The story's events as the lines of a file. */
export async function* linesOf({ events }: Story): AsyncGenerator<Line> {
  for (const [index, event] of events.entries()) {
    yield { bytes: Buffer.from(eventLine(event)), number: index + 1 };
  }
}
