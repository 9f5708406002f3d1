import type { Line } from '@rewardbook/replay/lines';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';

/** A pack's events as lines to send, generated while they are read: the same ones every time. */
export async function* packLines(scenario: Scenario): AsyncGenerator<Line> {
  let number = 0;
  for (const event of generateEvents(scenario)) {
    number += 1;
    yield { bytes: Buffer.from(eventLine(event), 'utf8'), number };
  }
}
