import { parse } from 'yaml';

/** What a pack's `scenario.yaml` says: sizes, times and habits. Probabilities are numbers between 0 and 1, never money. */
export interface Scenario {
  readonly seed: number;
  readonly events: number;
  readonly creators: number;
  readonly viewers: number;
  /** Labels of the first and last period with events, and the program's zone. */
  readonly firstPeriod: string;
  readonly lastPeriod: string;
  readonly timeZone: string;
  /** Flattens the head of Zipf's law: the larger, the smaller the star. */
  readonly popularityShift: number;
  readonly activityShift: number;
  /** How often a viewer returns to one of a few favourites. */
  readonly loyaltyProbability: number;
  readonly followProbability: number;
  readonly unlikeProbability: number;
  readonly unfollowProbability: number;
  readonly selfEngagementProbability: number;
  /** Relative activity of the 24 local hours and of the days from Monday. */
  readonly activityByHour: readonly number[];
  readonly activityByWeekday: readonly number[];
}

/** Another size or another run of the same scenario. */
export type ScenarioSize = Partial<Pick<Scenario, 'seed' | 'events' | 'creators' | 'viewers'>>;

/** A scenario file that cannot be used; the message names the key. */
export class ScenarioError extends Error {
  readonly code = 'bad-scenario';
}

// Event numbers are 30 bits of an id.
const MOST_EVENTS = 2 ** 30 - 1;
const MOST_PARTIES = 100_000_000;

/** Reads `scenario.yaml`. Every key is required, others are refused. Throws ScenarioError. */
export function readScenario(text: string): Scenario {
  const file: unknown = parse(text);
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new ScenarioError('scenario: write one key a line');
  }
  const values = new Map<string, unknown>(Object.entries(file));
  const take = (key: string) => {
    const value = values.get(key);
    values.delete(key);
    return value;
  };
  const whole = (key: string, least: number, most: number): number => {
    const value = take(key);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
      return value;
    }
    throw new ScenarioError(`${key}: a whole number from ${least} to ${most} is needed`);
  };
  const between = (key: string, least: number, most: number): number => numberBetween(key, take(key), least, most);
  const label = (key: string): string => {
    const value = take(key);
    if (typeof value === 'string' && value !== '') {
      return value;
    }
    throw new ScenarioError(`${key}: text in quotes is needed`);
  };
  const list = (key: string, length: number): number[] => {
    const value = take(key);
    if (Array.isArray(value) && value.length === length) {
      return value.map((item: unknown) => numberBetween(key, item, 0, 1_000_000));
    }
    throw new ScenarioError(`${key}: a list of ${length} numbers is needed`);
  };
  const scenario: Scenario = {
    seed: whole('seed', 0, Number.MAX_SAFE_INTEGER),
    events: whole('events', 0, MOST_EVENTS),
    creators: whole('creators', 1, MOST_PARTIES),
    viewers: whole('viewers', 1, MOST_PARTIES),
    firstPeriod: label('firstPeriod'),
    lastPeriod: label('lastPeriod'),
    timeZone: label('timeZone'),
    popularityShift: between('popularityShift', 0.01, 1_000_000),
    activityShift: between('activityShift', 0.01, 1_000_000),
    loyaltyProbability: between('loyaltyProbability', 0, 1),
    followProbability: between('followProbability', 0, 1),
    unlikeProbability: between('unlikeProbability', 0, 1),
    unfollowProbability: between('unfollowProbability', 0, 1),
    selfEngagementProbability: between('selfEngagementProbability', 0, 1),
    activityByHour: list('activityByHour', 24),
    activityByWeekday: list('activityByWeekday', 7),
  };
  for (const key of values.keys()) {
    throw new ScenarioError(`${key}: not a key of a scenario`);
  }
  return scenario;
}

function numberBetween(key: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) {
    return value;
  }
  throw new ScenarioError(`${key}: a number from ${least} to ${most} is needed`);
}
