import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type PolicySetting, policyWith } from '@rewardbook/contracts/files/policy-settings';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { formatDecimal, parseDecimal } from '@rewardbook/money/decimal';
import { MoneyError } from '@rewardbook/money/error';
import type { GridPoint } from '@rewardbook/simulate/whatif/sweep';
import { inputError } from '../../terminal/failure.ts';

/** A key of the policy and the values that it takes. */
export interface GridAxis {
  readonly path: string;
  readonly values: readonly string[];
}

const MAX_VALUES = 1_000;
const MAX_GRID = 10_000;
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
    if (to.minus(from).div(step).gte(MAX_VALUES)) {
      throw new InvalidArgumentError(`At most ${MAX_VALUES} values.`);
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

/** Every combination, the last axis changing fastest. @throws CliFailure 2 that names the point with an invalid policy */
export function gridOf(policy: Policy, axes: readonly GridAxis[]): GridPoint[] {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MAX_GRID) {
    throw inputError(`The grid has ${count} points; at most ${MAX_GRID} are measured`);
  }
  return combinations(axes).map((settings) => {
    const parsed = policyWith(policy, settings);
    if (parsed.ok) {
      const byPath = Object.fromEntries(settings.map(({ path, value }) => [path, value]));
      return { settings: byPath, policy: parsed.value, policyHash: policyHash(parsed.value) };
    }
    const where = settings.map(({ path, value }) => `${path}=${value}`).join(' ');
    throw inputError(`With --set ${where} this is not a policy:\n${describeIssues(parsed.issues)}`);
  });
}

function combinations(axes: readonly GridAxis[]): PolicySetting[][] {
  let points: PolicySetting[][] = [[]];
  for (const { path, values } of axes) {
    points = points.flatMap((point) => values.map((value) => [...point, { path, value }]));
  }
  return points;
}
