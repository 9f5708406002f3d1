import type { GivenColumns } from '@rewardbook/contracts/files/event-tables/event-columns';
import type { EventFormat } from '@rewardbook/contracts/files/event-tables/open-table';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { DomainError } from '@rewardbook/domain/values/error';
import type { AnswerInputs } from '@rewardbook/lab/answer/answer-inputs';
import { UnanswerableError } from '@rewardbook/lab/answer/unanswerable-error';
import type { GivenRevenue } from '@rewardbook/lab/question/question';
import { QuestionError } from '@rewardbook/lab/question/question-error';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';
import type { RevenueArgument } from '../arguments/options.ts';
import { readCreators } from '../files/creators-file.ts';
import type { EventsOptions } from '../files/events-input.ts';
import { creatorsOf, findScenario, isPack, type Pack, readPack } from '../files/pack.ts';
import { type CliFailure, Interrupted, inputError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import { groupedCount } from '../terminal/table.ts';
import { readEvents } from './events-file.ts';

/** Where the commands of the policy lab take their events from: a file, or a scenario, which may be a pack with all the rest. */
export interface LabOptions {
  readonly events?: string | undefined;
  readonly eventsFormat?: EventFormat | undefined;
  readonly columns?: GivenColumns | undefined;
  readonly assumeUtc?: boolean | undefined;
  readonly scenario?: string | undefined;
  readonly seed?: number | undefined;
  readonly count?: number | undefined;
  readonly revenue?: readonly RevenueArgument[] | undefined;
  readonly creators?: string | undefined;
}

export interface LabInputs extends Pick<AnswerInputs, 'readEvents'> {
  readonly creators: readonly RegisteredCreator[];
  readonly revenue: readonly GivenRevenue[];
  /** The seed that the scenario has, or was given; undefined for a file. */
  readonly scenarioSeed: number | undefined;
}

const EVENTS_PER_TURN = 10_000;

/** The policy of the pack that `--scenario` names, where a command was given none. @throws CliFailure 2 */
export async function policyOfPack({ scenario }: LabOptions): Promise<Policy> {
  if (scenario === undefined || !(await isPack(scenario))) {
    throw inputError('Give --policy; only a pack given as --scenario has one of its own');
  }
  return (await readPack(scenario)).policy;
}

/** Inputs as options say, a pack's own where they do not. Events are read when they are asked for. @throws CliFailure 2 */
export async function labInputs(options: LabOptions, policy: Policy, io: Io): Promise<LabInputs> {
  const { pack, ...inputs } = await labEvents(options, io);
  const revenue = options.revenue ?? pack?.revenue;
  if (revenue === undefined) {
    throw inputError('Give --revenue, as 2026-10=1000.00; only a pack has revenue of its own');
  }
  if (pack !== undefined && options.revenue === undefined && pack.policy.currency !== policy.currency) {
    throw inputError(
      `The pack's revenue is in ${pack.policy.currency}, the policy in ${policy.currency}: give --revenue`,
    );
  }
  return { ...inputs, revenue };
}

/** `labInputs` for what needs no revenue, with the pack where there is one. @throws CliFailure 2 */
export async function labEvents(
  options: LabOptions,
  io: Io,
): Promise<Omit<LabInputs, 'revenue'> & { readonly pack: Pack | undefined }> {
  const { events, scenario } = options;
  if ((events === undefined) === (scenario === undefined)) {
    throw inputError('Give either --events or --scenario');
  }
  if (scenario === undefined && (options.seed !== undefined || options.count !== undefined)) {
    throw inputError('--seed and --count are for --scenario; events of a file are used unchanged');
  }
  if (
    scenario !== undefined &&
    (options.eventsFormat ?? options.columns ?? (options.assumeUtc || undefined)) !== undefined
  ) {
    throw inputError('--events-format, --columns and --assume-utc are for --events');
  }
  const pack = scenario !== undefined && (await isPack(scenario)) ? await readPack(scenario) : undefined;
  const found = scenario === undefined ? undefined : (pack?.scenario ?? (await findScenario(scenario)));
  return {
    pack,
    creators: await creatorsFor(options, pack, io),
    scenarioSeed: options.seed ?? found?.seed,
    readEvents: async (seed) => {
      if (found !== undefined) {
        return generated(sized(found, options, seed), io);
      }
      const accepted = new AcceptedEvents();
      await readEvents(accepted, events ?? '-', io, eventsOptionsOf(options));
      return accepted;
    },
  };
}

/** How the options say that the file of events is written. */
export function eventsOptionsOf({ eventsFormat, columns, assumeUtc }: LabOptions): EventsOptions {
  return { format: eventsFormat, columns, assumeUtc };
}

async function creatorsFor({ creators }: LabOptions, pack: Pack | undefined, io: Io): Promise<RegisteredCreator[]> {
  if (creators !== undefined) {
    return readCreators(creators, io);
  }
  return pack === undefined ? [] : creatorsOf(pack);
}

/** Runs a command's work; what the lab or the domain refuses is wrong input. */
export async function asInputErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QuestionError) {
      throw questionFailure(error);
    }
    throw error instanceof DomainError || error instanceof UnanswerableError ? inputError(error.message, error) : error;
  }
}

/** Names the option that a fault is in, as it was written. */
function questionFailure(error: QuestionError): CliFailure {
  const { message, setting } = error;
  if (setting === undefined) {
    return inputError(message, error);
  }
  const why = describeIssues(setting.issues);
  return setting.kind === 'set'
    ? inputError(`With --set ${setting.text} this is not a policy:\n${why}`, error)
    : inputError(`--rule ${setting.text}: ${why}`, error);
}

/** Shows the steps of an answer, and lets timers and signals have a turn after each. */
export function showSteps(progress: Progress, io: Io): AnswerInputs['onProgress'] {
  return ({ phase, done }) => {
    progress.update(done, `${done} ${phase}`);
    return takeTurn(io);
  };
}

/** Lets timers and signals have a turn in long work. @throws Interrupted */
export async function takeTurn(io: Io): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (io.signal.aborted) {
    throw new Interrupted();
  }
}

function sized(scenario: Scenario, { seed, count }: LabOptions, otherSeed: number | undefined): Scenario {
  return { ...scenario, seed: otherSeed ?? seed ?? scenario.seed, events: count ?? scenario.events };
}

async function generated(scenario: Scenario, io: Io): Promise<AcceptedEvents> {
  const progress = startProgress(io.stderr, 'generate', scenario.events);
  const events = new AcceptedEvents();
  try {
    for (const event of generateEvents(scenario)) {
      events.add(event);
      if (events.size % EVENTS_PER_TURN !== 0) {
        continue;
      }
      progress.update(events.size, groupedCount(events.size));
      await takeTurn(io);
    }
  } finally {
    progress.stop();
  }
  return events;
}
