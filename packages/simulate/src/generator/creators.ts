import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { creatorIdOf, ownViewerId } from './names.ts';
import { PEOPLE } from './people.ts';
import { type Random, randomFrom } from './random.ts';
import type { Scenario, ScenarioSize } from './scenario.ts';

const STREAM = 2;
const STAR_FOLLOWERS = 13_000_000;

/** The registered creators of a scenario, in the order of their ids: a star, and everybody else. */
export function* generateCreators(scenario: Scenario, size: ScenarioSize = {}): Generator<RegisteredCreator> {
  const { seed, creators } = { ...scenario, ...size };
  const { country: home = 'ID', starFollowers = STAR_FOLLOWERS, newcomers } = scenario;
  const { firstNames, themes, abroad } = PEOPLE[home];
  const isNewcomer = (rank: number): boolean => newcomers !== undefined && rank >= newcomers[0] && rank <= newcomers[1];
  const random = randomFrom(seed, STREAM);
  for (let index = 0; index < creators; index++) {
    const creatorId = creatorIdOf(index);
    const first = pick(firstNames, random);
    const theme = pick(themes, random);
    const country = random() % 20 === 0 && index > 0 ? pick(abroad, random) : home;
    // One in fifty has not said yet where to pay.
    const payable = random() % 50 !== 0 || index === 0;
    const month = 1 + (random() % 8);
    const day = 1 + (random() % 28);
    yield {
      creatorId,
      handle: `${first}.${theme}.${index + 1}`,
      country,
      joinedOn: `2026-${twoDigits(month)}-${twoDigits(day)}`,
      followers:
        index === 0 ? starFollowers : isNewcomer(index + 1) ? 0 : Math.floor((random() % 20_000) / (1 + index / 10)),
      viewerIds: ownViewerId(index) === creatorId ? [] : [ownViewerId(index)],
      taxCountry: payable ? country : null,
      payee: payable ? `${capital(first)} ${capital(theme)}` : null,
      account: payable ? `${country}-${String(random()).padStart(10, '0')}` : null,
    };
  }
}

function pick(values: readonly string[], random: Random): string {
  return values[random() % values.length] ?? '';
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
