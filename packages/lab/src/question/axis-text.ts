import { formatDecimal, parseDecimal } from '@rewardbook/money/decimal';
import { MoneyError } from '@rewardbook/money/error';
import { QuestionError } from './question-error.ts';

const RANGE = /^(-?[\d.]+)\.\.(-?[\d.]+)(?::([\d.]+))?$/;
const HINT = 'Give FROM..TO:STEP or A,B,C, as 1..10:1 or pro-rata,equal.';

/**
 * Values of an axis of a grid: `1..10:1` (both ends in it where the step reaches them) or `a,b,c`.
 *
 * @throws QuestionError `invalid-request` that says how to write them
 */
export function readAxisValues(text: string, maxValues: number): string[] {
  const range = RANGE.exec(text);
  const values = range === null ? text.split(',') : steps([range[1] ?? '', range[2] ?? '', range[3] ?? '1'], maxValues);
  if (values.includes('') || (range === null && text.includes('..'))) {
    throw refusal(HINT);
  }
  return values;
}

function steps(texts: readonly [string, string, string], maxValues: number): string[] {
  try {
    const [from, to, step] = texts.map((text) => parseDecimal(text));
    if (from === undefined || to === undefined || step === undefined || step.lte(0) || to.lt(from)) {
      throw refusal(`A range goes up by a step above 0. ${HINT}`);
    }
    if (to.minus(from).div(step).gte(maxValues)) {
      throw refusal(`At most ${maxValues} values.`);
    }
    const values: string[] = [];
    for (let value = from; value.lte(to); value = value.plus(step)) {
      values.push(formatDecimal(value));
    }
    return values;
  } catch (error) {
    throw error instanceof MoneyError ? refusal(`${error.message}. ${HINT}`, error) : error;
  }
}

function refusal(message: string, cause?: Error): QuestionError {
  return new QuestionError('invalid-request', message, { cause });
}
