import { InvalidArgumentError } from '@commander-js/extra-typings';
import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { readAxisValues } from '@rewardbook/lab/question/axis-text';
import type { GridAxis } from '@rewardbook/lab/question/question';
import { QuestionError } from '@rewardbook/lab/question/question-error';

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
  try {
    return [...before, { path, values: readAxisValues(given, MAX_QUESTION.axisValues) }];
  } catch (error) {
    throw error instanceof QuestionError ? new InvalidArgumentError(error.message) : error;
  }
}
