import type { QuestionLimits } from '@rewardbook/contracts/api/lab-limits';
import { type PolicySetting, policyWith } from '@rewardbook/contracts/files/policy-settings';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { GridPoint } from '@rewardbook/simulate/whatif/sweep';
import type { GridAxis } from '../question/question.ts';
import { QuestionError } from '../question/question-error.ts';
import { firstOfComparable, hashed } from './policies.ts';

type GridLimits = Pick<QuestionLimits, 'gridSize' | 'gridBytes'>;

/**
 * Every combination, the last key changing fastest.
 *
 * @throws QuestionError `too-large`; `bad-policy` that names the point where the policy is not valid, or of another kind of program
 */
export function gridOf(policy: Policy, axes: readonly GridAxis[], limits: GridLimits): GridPoint[] {
  assertSize(policy, axes, limits);
  return combinations(axes).map((settings) => {
    const changed = policyAt(policy, settings);
    firstOfComparable([policy, changed]);
    return { settings: Object.fromEntries(settings.map(({ path, value }) => [path, value])), ...hashed(changed) };
  });
}

function assertSize(policy: Policy, axes: readonly GridAxis[], { gridSize, gridBytes }: GridLimits): void {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > gridSize) {
    throw new QuestionError('too-large', `The grid has ${count} points; at most ${gridSize} are measured`);
  }
  const bytes = count * new TextEncoder().encode(JSON.stringify(policy)).length;
  if (bytes > gridBytes) {
    const message = `The policies of the grid have ${bytes} bytes together; at most ${gridBytes} are measured`;
    throw new QuestionError('too-large', message);
  }
}

function policyAt(policy: Policy, settings: readonly PolicySetting[]): Policy {
  const parsed = policyWith(policy, settings);
  if (parsed.ok) {
    return parsed.value;
  }
  const text = settings.map(({ path, value }) => `${path}=${value}`).join(' ');
  const { issues } = parsed;
  throw new QuestionError('bad-policy', `With ${text} this is not a policy: ${issues[0]?.message}`, {
    issues: issues.map((issue) => ({ path: 'set', message: `${text}: ${describeIssues([issue])}` })),
    setting: { kind: 'set', text, issues },
  });
}

function combinations(axes: readonly GridAxis[]): PolicySetting[][] {
  let points: PolicySetting[][] = [[]];
  for (const { path, values } of axes) {
    points = points.flatMap((point) => values.map((value) => [...point, { path, value }]));
  }
  return points;
}
