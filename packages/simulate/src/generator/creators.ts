import type { RegisteredCreator } from '@rewardbook/domain/creator';
import { creatorIdOf, ownViewerId } from './names.ts';
import { type Random, randomFrom } from './random.ts';
import type { Scenario, ScenarioSize } from './scenario.ts';

const STREAM = 2;
const STAR_FOLLOWERS = 13_000_000;
const FIRST_NAMES =
  'agus ayu bayu budi citra dewi dian eka fajar gita hadi indah joko kartika lestari made nia nur putri rani rizky sari siti tono wayan yuni'.split(
    ' ',
  );
const THEMES =
  'bakso batik catur dangdut dapur futsal gamelan gunung jamu kopi kucing laut mancing motor pantai puisi resep sawah silat tani teknologi wayang'.split(
    ' ',
  );
// Countries of the others, where one in twenty lives abroad.
const ABROAD = ['MY', 'SG', 'TL', 'AU'];

/** The registered creators of a scenario, in the order of their ids: a star with 13 million followers, and everybody else. */
export function* generateCreators(scenario: Scenario, size: ScenarioSize = {}): Generator<RegisteredCreator> {
  const { seed, creators } = { ...scenario, ...size };
  const random = randomFrom(seed, STREAM);
  for (let index = 0; index < creators; index++) {
    const creatorId = creatorIdOf(index);
    const first = pick(FIRST_NAMES, random);
    const theme = pick(THEMES, random);
    const country = random() % 20 === 0 && index > 0 ? pick(ABROAD, random) : 'ID';
    // One in fifty has not said yet where to pay.
    const payable = random() % 50 !== 0 || index === 0;
    const month = 1 + (random() % 8);
    const day = 1 + (random() % 28);
    yield {
      creatorId,
      handle: `${first}.${theme}.${index + 1}`,
      country,
      joinedOn: `2026-${twoDigits(month)}-${twoDigits(day)}`,
      followers: index === 0 ? STAR_FOLLOWERS : Math.floor((random() % 20_000) / (1 + index / 10)),
      viewerIds: ownViewerId(index) === creatorId ? [] : [ownViewerId(index)],
      taxCountry: payable ? country : null,
      payee: payable ? `${capital(first)} ${capital(theme)}` : null,
      account: payable ? `${country}-${String(random()).padStart(10, '0')}` : null,
    };
  }
}

/** The creators as a CSV file with a header; no cell of theirs needs quoting. */
export function* creatorsCsv(creators: Iterable<RegisteredCreator>): Generator<string> {
  yield 'creatorId,handle,country,joinedOn,followers,viewerIds,taxCountry,payee,account\n';
  for (const { creatorId, handle, country, joinedOn, followers, viewerIds, taxCountry, payee, account } of creators) {
    const cells = [creatorId, handle, country, joinedOn, followers, viewerIds.join(' '), taxCountry, payee, account];
    yield `${cells.map((cell) => cell ?? '').join(',')}\n`;
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
