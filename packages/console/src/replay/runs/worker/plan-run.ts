import { asRecorded, type Pace, steady, unpaced } from '@rewardbook/replay/pace';
import type { ReplayPlan } from '@rewardbook/replay/replay';
import { sequence } from '@rewardbook/replay/sequence';
import type { OpenedSource } from '../../events/open-source.ts';
import type { RunSettings } from './run-record.ts';

const CONCURRENCY = 4;

/** A replay as its options say. */
export function planOf(source: OpenedSource, options: RunSettings): Omit<ReplayPlan, 'onProgress'> {
  const { seed, shuffle, repeat, drop, late, faults, faultChance } = options;
  const isAsked = drop > 0 || late > 0 || faults.length > 0;
  return {
    lines: sequence(source, { repeat, shuffle: shuffle ? seed : undefined }),
    pace: paceOf(options),
    concurrency: CONCURRENCY,
    onPurpose: isAsked
      ? { seed, withheld: { drop, late }, faults: { kinds: faults, chance: faults.length === 0 ? 0 : faultChance } }
      : undefined,
  };
}

/** The same events in the same order, without faults and at once: for who only wants to know which they are. */
export function eventsPlanOf(source: OpenedSource, options: RunSettings): Omit<ReplayPlan, 'onProgress'> {
  return { ...planOf(source, { ...options, perSecond: null, speed: null, faults: [] }), concurrency: 1 };
}

function paceOf({ perSecond, speed }: RunSettings): Pace {
  if (perSecond !== null) {
    return steady(perSecond);
  }
  return speed === null ? unpaced : asRecorded(speed);
}
