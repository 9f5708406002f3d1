import { createHash } from 'node:crypto';
import { parseCreators } from '@rewardbook/contracts/api/creators';
import type { LabQuestion } from '@rewardbook/contracts/api/lab';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { policyWith } from '@rewardbook/contracts/files/policy-settings';
import type { Issue, Parsed } from '@rewardbook/contracts/values/issue';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { DomainError } from '@rewardbook/domain/values/error';
import { comparePeriods, parsePeriod, periodBounds } from '@rewardbook/domain/values/period';
import { compareUtf8, sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import { parseGivenAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import { AppError } from '@rewardbook/runtime/http/errors';
import { assertComparable } from '@rewardbook/simulate/whatif/outcome';
import type { GridPoint } from '@rewardbook/simulate/whatif/sweep';
import type { LabLimits } from './limits.ts';
import type { Question } from './work.ts';

const MAX_PERIODS = 2_000;

type GridLimits = Pick<LabLimits, 'gridSize' | 'gridBytes'>;

/** What all policies of a question have in common, and the first period that it gives revenue of. */
export interface KindOfProgram extends Pick<Policy, 'currency' | 'timeZone' | 'period'> {
  readonly firstPeriod: string | undefined;
}

/** A question that was checked. */
export interface Prepared {
  readonly question: Question;
  readonly kind: KindOfProgram;
  /** The SHA-256 of all that an answer follows from, the events left out. */
  readonly digest: string;
}

/** Checks a question and fills in what it leaves out. @throws AppError that says what is wrong */
export function prepare(asked: LabQuestion, limits: GridLimits): Prepared {
  const creators = parsedOr('bad-creators', parseCreators('creators' in asked ? asked.creators : []), 'creators');
  const policies = policiesOf(asked);
  const [policy] = policies;
  if (policy === undefined) {
    throw new AppError('bad-policy', 'Give a policy');
  }
  for (const other of policies) {
    comparable(policy, other);
  }
  const revenue = 'revenue' in asked ? revenueOf(asked.revenue, policy) : new Map<string, bigint>();
  return {
    kind: kindOf(policy, [...revenue.keys()]),
    question: { creators, revenue, ...questionOf(asked, policies, policy, [...revenue.keys()], limits) },
    digest: createHash('sha256')
      .update(
        canonicalJson({
          question: asked.question,
          creators: creators.toSorted((a, b) => compareUtf8(a.creatorId, b.creatorId)).map(factsOf),
          policies: policies.map((each) => policyHash(each)),
          revenue: sortUtf8([...revenue.keys()]).map((period) => [period, String(revenue.get(period))]),
          // Of these the policies and revenue above are the canonical form.
          parameters: JSON.stringify({
            ...asked,
            creators: undefined,
            events: undefined,
            policy: undefined,
            a: undefined,
            b: undefined,
            policies: undefined,
            revenue: undefined,
          }),
        }),
      )
      .digest('hex'),
  };
}

function questionOf(
  asked: LabQuestion,
  policies: readonly Policy[],
  policy: Policy,
  periods: readonly string[],
  limits: GridLimits,
) {
  switch (asked.question) {
    case 'simulate':
      return { question: 'simulate' as const, policy };
    case 'compare':
      return { question: 'compare' as const, a: policy, b: policies[1] ?? policy };
    case 'sweep': {
      const { set, seeds } = asked;
      if (seeds !== undefined && !('scenario' in asked.events)) {
        throw new AppError('invalid-request', 'seeds: only a scenario has other seeds; these events are fixed');
      }
      return { question: 'sweep' as const, policy, set, points: gridOf(policy, set, limits), seeds };
    }
    case 'search':
      return { question: 'search' as const, policies, trials: asked.trials, seed: asked.seed };
    case 'attack': {
      const { kind, creatorIds, size, accounts, cost, accountCost } = asked;
      const sorted = periods.toSorted(comparePeriods);
      const { start } = periodBounds(sorted[0] ?? '', policy.timeZone);
      const { end } = periodBounds(sorted.at(-1) ?? '', policy.timeZone);
      const plan = { kind, creatorIds, events: kind === 'split' ? 0 : size, accounts, start, end };
      return { question: 'attack' as const, policies, plan, prices: { perEvent: cost, perAccount: accountCost } };
    }
    case 'screen': {
      const { minFollows, minFollowers, maxFollowers, top } = asked;
      const options = { periods: asked.periods, minFollows, minFollowers, maxFollowers };
      return { question: 'screen' as const, policy, options, top };
    }
  }
}

function kindOf({ currency, timeZone, period }: Policy, periods: readonly string[]): KindOfProgram {
  return { currency, timeZone, period, firstPeriod: periods.toSorted(comparePeriods)[0] };
}

function policiesOf(asked: LabQuestion): Policy[] {
  const read = (value: unknown, path: string): Policy => parsedOr('bad-policy', parsePolicy(value), path);
  switch (asked.question) {
    case 'compare':
      return [read(asked.a, 'a'), read(asked.b, 'b')];
    case 'attack':
    case 'search':
      return asked.policies.map((each, index) => read(each, `policies[${index}]`));
    default:
      return [read(asked.policy, 'policy')];
  }
}

function comparable(a: Policy, b: Policy): void {
  try {
    assertComparable(a, b);
  } catch (error) {
    throw error instanceof DomainError ? new AppError('bad-policy', error.message, { cause: error }) : error;
  }
}

/** Minor units by period. */
function revenueOf(given: Readonly<Record<string, string>>, policy: Policy): Map<string, bigint> {
  const currency = currencyOf(policy.currency);
  const ordinals: number[] = [];
  const revenue = new Map<string, bigint>();
  for (const [label, amount] of Object.entries(given)) {
    const period = parsePeriod(label);
    if (period?.kind !== policy.period) {
      throw new AppError('bad-period', `revenue: ${label.slice(0, 40)} is not a ${policy.period}`);
    }
    ordinals.push(period.ordinal);
    try {
      revenue.set(label, parseGivenAmount(amount, currency));
    } catch (error) {
      if (!(error instanceof MoneyError)) {
        throw error;
      }
      throw new AppError('bad-amount', `revenue of ${label}: ${error.message}`, { cause: error });
    }
  }
  if (ordinals.length === 0) {
    throw new AppError('invalid-request', 'revenue: give that of at least one period');
  }
  const first = ordinals.reduce((least, ordinal) => Math.min(least, ordinal));
  const last = ordinals.reduce((most, ordinal) => Math.max(most, ordinal));
  if (last - first >= MAX_PERIODS) {
    throw new AppError('too-large', `At most ${MAX_PERIODS} periods are closed`);
  }
  return revenue;
}

/** Every combination, the last key changing fastest. */
function gridOf(
  policy: Policy,
  axes: readonly { readonly path: string; readonly values: readonly string[] }[],
  { gridSize: most, gridBytes }: GridLimits,
): GridPoint[] {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > most) {
    throw new AppError('too-large', `set: the grid has ${count} points; at most ${most} are measured`);
  }
  const bytes = count * Buffer.byteLength(JSON.stringify(policy));
  if (bytes > gridBytes) {
    const message = `set: the policies of the grid have ${bytes} bytes together; at most ${gridBytes} are measured`;
    throw new AppError('too-large', message);
  }
  let points: { path: string; value: string }[][] = [[]];
  for (const { path, values } of axes) {
    points = points.flatMap((point) => values.map((value) => [...point, { path, value }]));
  }
  return points.map((settings) => {
    const byPath = Object.fromEntries(settings.map(({ path, value }) => [path, value]));
    const changed = parsedOr('bad-policy', policyWith(policy, settings), `set ${JSON.stringify(byPath)}`);
    comparable(policy, changed);
    return { settings: byPath, policy: changed, policyHash: policyHash(changed) };
  });
}

function parsedOr<Value>(code: 'bad-policy' | 'bad-creators', parsed: Parsed<Value>, where: string): Value {
  if (parsed.ok) {
    return parsed.value;
  }
  const errors = parsed.issues.map(({ path, message }: Issue) => ({
    path: path === '' ? where : `${where}.${path}`,
    message,
  }));
  throw new AppError(code, `${where}: ${parsed.issues[0]?.message ?? 'cannot be read'}`, { errors });
}

/** What of a creator can show in an answer. */
function factsOf({ creatorId, handle, country, joinedOn, followers, viewerIds }: RegisteredCreator) {
  return [creatorId, handle, country, joinedOn, followers, sortUtf8([...viewerIds])];
}
