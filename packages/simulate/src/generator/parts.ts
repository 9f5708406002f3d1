import { adversaryAction } from './adversary.ts';
import { burstPart } from './bursts.ts';
import { creatorIdOf } from './names.ts';
import { type Part, spreadOver } from './part.ts';
import { mix } from './random.ts';
import type { AdversarySettings, Scenario } from './scenario.ts';

type Sizes = Pick<Scenario, 'seed' | 'events' | 'creators' | 'viewers'>;

/** Bursts and adversaries of a scenario, with their part of its events. */
export function partsOf(scenario: Scenario, size: Sizes, hours: number): Part[] {
  const eventsFor = (eventFraction: number): number => Math.floor(size.events * eventFraction);
  const bursts = (scenario.bursts ?? []).map((burst, index) =>
    burstPart({ scenario: { ...scenario, ...size }, burst, index, events: eventsFor(burst.eventFraction), hours }),
  );
  const adversaries = (scenario.adversaries ?? []).flatMap((settings, index) => {
    const { kind, accounts, startHour } = settings;
    if (kind === 'split') {
      return [];
    }
    const events = eventsFor(settings.eventFraction);
    const creatorIds = creatorIdsOf(settings, size.creators);
    const adversary = {
      kind,
      creatorIds,
      accounts: accounts === 0 ? Math.max(1, Math.floor(events / creatorIds.length)) : accounts,
      name: `x${index + 1}`,
    };
    let made = 0;
    const part: Part = {
      eventsOfHour: spreadOver(hours, events, startHour, [[settings.hours, 1]]),
      isOrganic: false,
      next: () => adversaryAction(adversary, made++),
    };
    return [part];
  });
  return [...bursts, ...adversaries];
}

/** Which account of a creator an engagement goes to: its own, but for those who split into several. */
export function accountsOf(scenario: Scenario, creators: number): (creatorId: string, choice: number) => string {
  const accounts = new Map<string, number>();
  for (const settings of scenario.adversaries ?? []) {
    if (settings.kind !== 'split') {
      continue;
    }
    for (const creatorId of creatorIdsOf(settings, creators)) {
      accounts.set(creatorId, settings.accounts);
    }
  }
  if (accounts.size === 0) {
    return (creatorId) => creatorId;
  }
  return (creatorId, choice) => {
    const account = mix(choice) % (accounts.get(creatorId) ?? 1);
    return account === 0 ? creatorId : `${creatorId}-s${account + 1}`;
  };
}

function creatorIdsOf({ creators: [first, last] }: AdversarySettings, creators: number): string[] {
  // At a reduced size the ranks may lie beyond the last creator, who is then used instead.
  const [from, to] = [Math.min(first, creators), Math.min(last, creators)];
  return Array.from({ length: to - from + 1 }, (_, index) => creatorIdOf(from - 1 + index));
}
