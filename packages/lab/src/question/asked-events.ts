import type { LabEvents } from '@rewardbook/contracts/api/lab';
import { readScenario, type Scenario } from '@rewardbook/simulate/generator/scenario';
import { ScenarioError } from '@rewardbook/simulate/generator/scenario-fields';
import { QuestionError } from './question-error.ts';

/** Where the events of a question come from; a scenario is read, and has the size and seed that were asked for. */
export type AskedEvents = Exclude<LabEvents, { scenario: string }> | { readonly scenario: Scenario };

/** How large a scenario may be. */
export interface ScenarioLimits {
  readonly events: number;
  /** Creators, and viewers. */
  readonly parties: number;
}

const MAX_MESSAGE = 500;

/** @throws QuestionError `invalid-request` that names the key, `too-large` */
export function readAskedEvents(given: LabEvents, limits: ScenarioLimits): AskedEvents {
  if (!('scenario' in given)) {
    return given;
  }
  const { scenario: text, ...size } = given;
  const sizes = Object.fromEntries(Object.entries(size).filter(([, value]) => value !== undefined));
  const scenario = { ...readText(text), ...sizes };
  if (scenario.events > limits.events || scenario.creators > limits.parties || scenario.viewers > limits.parties) {
    throw new QuestionError(
      'too-large',
      `The scenario has ${scenario.events} events of ${scenario.viewers} viewers and ${scenario.creators} creators; at most ` +
        `${limits.events} events and ${limits.parties} of each are made: give events, viewers, creators`,
    );
  }
  return { scenario };
}

function readText(text: string): Scenario {
  try {
    return readScenario(text);
  } catch (error) {
    if (!(error instanceof ScenarioError)) {
      throw error;
    }
    throw new QuestionError('invalid-request', `scenario: ${error.message.slice(0, MAX_MESSAGE)}`, { cause: error });
  }
}
