import { readFile } from 'node:fs/promises';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { accepted } from '@rewardbook/simulate/events/accepted-events';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario } from '@rewardbook/simulate/generator/scenario';
import { outcomeUnder } from '@rewardbook/simulate/whatif/outcome';
import { trials } from '@rewardbook/simulate/whatif/trials';
import { testPolicy } from '../support/test-policy.ts';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

const EVENTS = 1_000_000;
const SIZES = [3_000, 50_000];
const FOLLOWS = ['2', '3', '4', '5', '6'];
const SCENARIO = new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url);

/**
 * A further policy tried on events that were looked at for another, compared with its own simulation; both on events in
 * memory.
 */
export async function benchWhatIf(): Promise<BenchRow[]> {
  const habits = readScenario(await readFile(SCENARIO, 'utf8'));
  return SIZES.map((creators) => {
    const scenario = { ...habits, timeZone: 'UTC', events: EVENTS, creators, viewers: 200_000 };
    const events = accepted(generateEvents(scenario));
    const revenue = new Map([habits.firstPeriod, habits.lastPeriod].map((period) => [period, 10n ** 14n] as const));
    const inputs = { creators: [], revenue };
    const under = (follow: string): { policy: Policy; policyHash: string } => {
      const policy = testPolicy({ timeZone: 'UTC', weights: { like: '1', follow } });
      return { policy, policyHash: policyHash(policy) };
    };
    const trial = trials(inputs, events);
    trial(under('1'));
    const ours: number[] = [];
    const alone: number[] = [];
    for (const follow of FOLLOWS) {
      ours.push(timed(() => trial(under(follow))));
      alone.push(timed(() => outcomeUnder(under(follow), inputs, events)));
    }
    return {
      name: `what-if: a further policy on ${EVENTS.toLocaleString('en-US')} events of ${creators.toLocaleString('en-US')} creators, two months`,
      ours: median(ours),
      floor: median(alone),
      ratio: median(ours) / median(alone),
      unit: 'ms',
    };
  });
}

function timed(run: () => unknown): number {
  const startedAtMs = performance.now();
  run();
  return performance.now() - startedAtMs;
}
