import type { Policy } from '@rewardbook/domain/policy/policy';
import { comparePeriods } from '@rewardbook/domain/values/period';
import type { QuestionOfBody } from './question-body.ts';
import { policiesOf } from './question-digest.ts';

/** What all policies of a question have in common, and the first period that it gives revenue of. */
export interface KindOfProgram extends Pick<Policy, 'currency' | 'timeZone' | 'period'> {
  readonly firstPeriod: string | undefined;
}

/** @returns undefined for a question without a policy, which is asked without events too */
export function kindOfProgram({ question, prepared }: QuestionOfBody): KindOfProgram | undefined {
  const [first] = policiesOf(question);
  if (first === undefined) {
    return undefined;
  }
  const { currency, timeZone, period } = first.policy;
  const periods = 'revenue' in prepared ? [...prepared.revenue.keys()] : [];
  return { currency, timeZone, period, firstPeriod: periods.sort(comparePeriods)[0] };
}
