import { DomainError } from '@rewardbook/domain/values/error';
import { periodBounds } from '@rewardbook/domain/values/period';
import { parse } from 'yaml';
import { COUNTRIES, type Country } from './people.ts';
import { ScenarioError, ScenarioFields } from './scenario-fields.ts';

/** What a pack's `scenario.yaml` says: sizes, times and habits. Probabilities and fractions are numbers between 0 and 1, never money. */
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
  /** Activity in the last hour for 1 in the first, growing evenly. */
  readonly growthFactor?: number;
  /** How many contents a creator brings a day; 1 if left out. */
  readonly contentsPerDay?: number;
  /** Number of villages in which viewers and creators live, and the probability of picking within one's own. */
  readonly communities?: number;
  readonly communityProbability?: number;
  readonly bursts?: readonly BurstSettings[];
  readonly adversaries?: readonly AdversarySettings[];
  /** Where most creators live; ID if left out. */
  readonly country?: Country;
  /** Followers that the most popular creator joined with; 13 million if left out. */
  readonly starFollowers?: number;
  /** Ranks of creators who joined without any follower. */
  readonly newcomers?: readonly [number, number] | undefined;
}

/** Something that goes viral: creators by rank, when, how much, and how it grows. */
export interface BurstSettings {
  readonly creators: readonly [number, number];
  /** Part of the scenario's events. */
  readonly eventFraction: number;
  readonly startHour: number;
  /** Hours after the start, and the fraction of the burst's events that came by then. */
  readonly curve: readonly (readonly [number, number])[];
  readonly followProbability: number;
  /** The content that is liked, the same at each creator (a challenge); without it each creator's newest. */
  readonly content: string | undefined;
}

export const ADVERSARY_KINDS = ['bought-followers', 'fake-viewers', 'like-ring', 'toggling', 'whale', 'split'] as const;

export type AdversaryKind = (typeof ADVERSARY_KINDS)[number];

/** Someone who games the rules. `split` adds no events: its creators' engagement goes to several accounts. */
export interface AdversarySettings {
  readonly kind: AdversaryKind;
  readonly creators: readonly [number, number];
  /**
   * Accounts used: fake viewers, or those that a creator splits into. 0: as many as give each one event for each
   * creator.
   */
  readonly accounts: number;
  readonly eventFraction: number;
  readonly startHour: number;
  readonly hours: number;
}

/** Another size or another run of the same scenario. */
export type ScenarioSize = Partial<Pick<Scenario, 'seed' | 'events' | 'creators' | 'viewers'>>;

// Event numbers are 30 bits of an id.
const MAX_EVENTS = 2 ** 30 - 1;
const MAX_PARTIES = 100_000_000;
const MAX_HOURS = 100_000;
const MAX_PARTS = 100;
const HOUR_MS = 3_600_000;

/** Reads `scenario.yaml`. Unknown keys are refused. @throws ScenarioError, whatever the text */
export function readScenario(text: string): Scenario {
  const fields = new ScenarioFields(parseYaml(text));
  const probability = (key: string, otherwise?: number): number => fields.between(key, 0, 1, otherwise);
  const scenario: Scenario = {
    seed: fields.whole('seed', 0, Number.MAX_SAFE_INTEGER),
    events: fields.whole('events', 0, MAX_EVENTS),
    creators: fields.whole('creators', 1, MAX_PARTIES),
    viewers: fields.whole('viewers', 1, MAX_PARTIES),
    firstPeriod: fields.text('firstPeriod'),
    lastPeriod: fields.text('lastPeriod'),
    timeZone: fields.text('timeZone'),
    popularityShift: fields.between('popularityShift', 0.01, 1_000_000),
    activityShift: fields.between('activityShift', 0.01, 1_000_000),
    loyaltyProbability: probability('loyaltyProbability'),
    followProbability: probability('followProbability'),
    unlikeProbability: probability('unlikeProbability'),
    unfollowProbability: probability('unfollowProbability'),
    selfEngagementProbability: probability('selfEngagementProbability'),
    activityByHour: fields.numbers('activityByHour', 24),
    activityByWeekday: fields.numbers('activityByWeekday', 7),
    growthFactor: fields.between('growthFactor', 0.01, 1000, 1),
    contentsPerDay: fields.whole('contentsPerDay', 1, 10_000, 1),
    communities: fields.whole('communities', 1, 1_000_000, 1),
    communityProbability: probability('communityProbability', 0),
    bursts: fields.objects('bursts', readBurst),
    adversaries: fields.objects('adversaries', readAdversary),
    country: fields.oneOf('country', COUNTRIES, 'ID'),
    starFollowers: fields.whole('starFollowers', 0, 1_000_000_000, 13_000_000),
    newcomers: fields.range('newcomers'),
  };
  fields.end();
  hoursOf(scenario);
  const parts = [...(scenario.bursts ?? []), ...(scenario.adversaries ?? [])];
  if (parts.length > MAX_PARTS) {
    throw new ScenarioError(`bursts: at most ${MAX_PARTS}, with adversaries`);
  }
  if (parts.reduce((sum, { eventFraction }) => sum + eventFraction, 0) > 1) {
    throw new ScenarioError(
      'eventFraction: bursts and adversaries have more than all events; let them sum to 1 at most',
    );
  }
  return scenario;
}

/**
 * The instants between which a scenario happens, and its number of hours, each of which takes memory.
 *
 * @throws ScenarioError if there are no hours, or too many
 */
export function hoursOf({
  firstPeriod,
  lastPeriod,
  timeZone,
}: Pick<Scenario, 'firstPeriod' | 'lastPeriod' | 'timeZone'>) {
  let start: number;
  let end: number;
  try {
    start = periodBounds(firstPeriod, timeZone).start;
    end = periodBounds(lastPeriod, timeZone).end;
  } catch (error) {
    throw error instanceof DomainError ? new ScenarioError(`firstPeriod, lastPeriod: ${error.message}`) : error;
  }
  const hours = Math.ceil((end - start) / HOUR_MS);
  if (hours >= 1 && hours <= MAX_HOURS) {
    return { start, end, hours };
  }
  throw new ScenarioError(`lastPeriod: it ends ${hours} hours after firstPeriod begins; 1 to ${MAX_HOURS} are made`);
}

// A hundred brackets deep, or as many dashes and question marks before a value.
const MAX_LEVELS = 100;
const INDICATORS = new RegExp(`(?: *[-?:](?= )){${MAX_LEVELS}}`);

/** The parser calls itself for each level: ten thousand of them end the process instead of failing. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === '[' || letter === '{') {
      depth += 1;
    } else if (letter === ']' || letter === '}') {
      depth -= 1;
    }
    if (depth > MAX_LEVELS) {
      return true;
    }
  }
  return INDICATORS.test(text);
}

function parseYaml(text: string): unknown {
  if (isNestedTooDeep(text)) {
    throw new ScenarioError('not YAML of a scenario: it is nested too deep');
  }
  try {
    return parse(text);
  } catch (error) {
    // Not only YAML's own errors: too many aliases are a ReferenceError.
    throw new ScenarioError(`not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readBurst(fields: ScenarioFields): BurstSettings {
  return {
    creators: fields.range('creators') ?? [1, 1],
    eventFraction: fields.between('eventFraction', 0, 1),
    startHour: fields.whole('startHour', 0, MAX_HOURS, 0),
    curve: fields.curve('curve') ?? [[24, 1]],
    followProbability: fields.between('followProbability', 0, 1),
    content: fields.optionalText('content'),
  };
}

function readAdversary(fields: ScenarioFields): AdversarySettings {
  const kind = fields.oneOf('kind', ADVERSARY_KINDS);
  return {
    kind,
    creators: fields.range('creators') ?? [1, 1],
    accounts: fields.whole('accounts', kind === 'split' ? 2 : 0, MAX_PARTIES, kind === 'split' ? 2 : 0),
    eventFraction: fields.between('eventFraction', 0, 1, 0),
    startHour: fields.whole('startHour', 0, MAX_HOURS, 0),
    hours: fields.whole('hours', 1, MAX_HOURS, 24),
  };
}
