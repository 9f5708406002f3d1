import { InvalidArgumentError } from '@commander-js/extra-typings';
import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import type { GridAxis } from '@rewardbook/lab/question/question';
import { formatDecimal, parseDecimal } from '@rewardbook/money/decimal';
import { MoneyError } from '@rewardbook/money/error';

const RANGE = /^(-?[\d.]+)\.\.(-?[\d.]+)(?::([\d.]+))?$/;
const HINT = 'Give KEY=FROM..TO:STEP or KEY=A,B,C, as weights.follow=1..10:1 or allocation.method=pro-rata,equal.';

/** Reads `weights.follow=1..10:1` (both ends in it where the step reaches them) or `key=a,b,c`; each one more axis. */
export function readAxis(text: string, before: readonly GridAxis[] = []): GridAxis[] {
  const at = text.indexOf('=');
  const path = text.slice(0, at);
  const given = text.slice(at + 1);
  if (at < 1 || given === '') {
    throw new InvalidArgumentError(HINT);
  }
  if (before.some((axis) => axis.path === path)) {
    throw new InvalidArgumentError(`${path} is given twice.`);
  }
  const range = RANGE.exec(given);
  const values = range === null ? given.split(',') : steps(range[1] ?? '', range[2] ?? '', range[3] ?? '1');
  if (values.includes('') || (range === null && given.includes('..'))) {
    throw new InvalidArgumentError(HINT);
  }
  return [...before, { path, values }];
}

function steps(fromText: string, toText: string, stepText: string): string[] {
  try {
    const [from, to, step] = [parseDecimal(fromText), parseDecimal(toText), parseDecimal(stepText)];
    if (step.lte(0) || to.lt(from)) {
      throw new InvalidArgumentError(`A range goes up by a step above 0. ${HINT}`);
    }
    if (to.minus(from).div(step).gte(MAX_QUESTION.axisValues)) {
      throw new InvalidArgumentError(`At most ${MAX_QUESTION.axisValues} values.`);
    }
    const values: string[] = [];
    for (let value = from; value.lte(to); value = value.plus(step)) {
      values.push(formatDecimal(value));
    }
    return values;
  } catch (error) {
    throw error instanceof MoneyError ? new InvalidArgumentError(`${error.message}. ${HINT}`) : error;
  }
}
