import { type LabEvents, type LabQuestion, labQuestionSchema } from '@rewardbook/contracts/api/lab';
import { pathText } from '@rewardbook/contracts/values/issue';
import { readJson } from '@rewardbook/contracts/values/json-text';
import { AppError } from '@rewardbook/runtime/http/errors';
import { MAX_FAULTS_LISTED } from '@rewardbook/runtime/http/limits';
import { hasMoreValues } from '@rewardbook/runtime/http/validation';
import { readScenario, type Scenario } from '@rewardbook/simulate/generator/scenario';
import { ScenarioError } from '@rewardbook/simulate/generator/scenario-fields';
import type { LabLimits } from './limits.ts';

/** A question of 200,000 creators has fewer. */
const MAX_VALUES = 3_000_000;

/** Events of a question; a scenario is read. */
export type AskedEvents = Exclude<LabEvents, { scenario: string }> | { readonly scenario: Scenario };

/** A question as it was sent. For threads: a large one takes a while. @throws AppError that says what is wrong */
export function readQuestion(body: Uint8Array): LabQuestion {
  const value = parseJson(body);
  if (hasMoreValues(value, MAX_VALUES)) {
    throw new AppError('too-large', `The question has more than ${MAX_VALUES} values; ask about less`);
  }
  const parsed = labQuestionSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const errors = parsed.error.issues
    .slice(0, MAX_FAULTS_LISTED)
    .map(({ path, message }) => ({ path: path.length === 0 ? 'body' : `body.${pathText(path)}`, message }));
  throw new AppError('invalid-request', 'See errors for what is wrong where', { errors });
}

/** @throws AppError `invalid-request` that names the key, `too-large` */
export function readAskedEvents(
  given: LabEvents | undefined,
  limits: Pick<LabLimits, 'events' | 'parties'>,
): AskedEvents | undefined {
  if (given === undefined || !('scenario' in given)) {
    return given;
  }
  const { scenario: text, ...size } = given;
  const sizes = Object.fromEntries(Object.entries(size).filter(([, value]) => value !== undefined));
  const scenario = { ...read(text), ...sizes };
  if (scenario.events > limits.events || scenario.creators > limits.parties || scenario.viewers > limits.parties) {
    throw new AppError(
      'too-large',
      `The scenario has ${scenario.events} events of ${scenario.viewers} viewers and ${scenario.creators} creators; at most ` +
        `${limits.events} events and ${limits.parties} of each are made: give events, viewers, creators`,
    );
  }
  return { scenario };
}

function read(text: string): Scenario {
  try {
    return readScenario(text);
  } catch (error) {
    if (!(error instanceof ScenarioError)) {
      throw error;
    }
    throw new AppError('invalid-request', `scenario: ${error.message.slice(0, 500)}`, { cause: error });
  }
}

function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) {
    throw new AppError('bad-json', 'The body is empty; send a question as JSON');
  }
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const read = readJson(bytes, 'the body');
  if (!read.ok) {
    throw new AppError(read.code, read.message);
  }
  if (bytes.includes('__proto__') && hasKey(read.value, '__proto__')) {
    throw new AppError('bad-json', 'The body has a key __proto__, which no question has');
  }
  return read.value;
}

/** Whether an object of a JSON value has the key. */
function hasKey(value: unknown, key: string): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) {
      continue;
    }
    if (!Array.isArray(next) && Object.hasOwn(next, key)) {
      return true;
    }
    for (const each of Object.values(next)) {
      left.push(each);
    }
  }
  return false;
}
