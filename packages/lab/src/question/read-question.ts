import { parseCreators } from '@rewardbook/contracts/api/creators';
import { type LabQuestion, labQuestionSchema } from '@rewardbook/contracts/api/lab';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { type Issue, issuesOf, type Parsed } from '@rewardbook/contracts/values/issue';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { type AskedEvents, readAskedEvents, type ScenarioLimits } from './asked-events.ts';
import type { GivenRevenue, NamedPolicy, Question } from './question.ts';
import { QuestionError, type QuestionFault } from './question-error.ts';

/** A question that came as JSON, and where its events come from. */
export interface ReadQuestion {
  readonly question: Question;
  /** undefined: it is asked without events. */
  readonly events: AskedEvents | undefined;
}

/**
 * Reads a question of the API (`LabQuestion` in packages/contracts).
 *
 * @param value parsed JSON
 * @throws QuestionError that names what is wrong where
 */
export function readQuestion(value: unknown, limits: ScenarioLimits): ReadQuestion {
  const parsed = labQuestionSchema.safeParse(value);
  if (!parsed.success) {
    const issues = issuesOf(parsed.error, value);
    throw new QuestionError('invalid-request', 'See errors for what is wrong where', { issues });
  }
  const asked = parsed.data;
  const events = 'events' in asked ? readAskedEvents(asked.events, limits) : undefined;
  return { question: questionOf(asked, events), events };
}

function questionOf(asked: LabQuestion, events: AskedEvents | undefined): Question {
  switch (asked.question) {
    case 'simulate':
      return { question: 'simulate', policy: policyOf(asked.policy, 'policy'), ...fundedOf(asked) };
    case 'compare':
      return { question: 'compare', a: policyOf(asked.a, 'a'), b: policyOf(asked.b, 'b'), ...fundedOf(asked) };
    case 'sweep':
      return {
        question: 'sweep',
        policy: policyOf(asked.policy, 'policy'),
        axes: asked.set,
        seeds: asked.seeds,
        scenarioSeed: events !== undefined && 'scenario' in events ? events.scenario.seed : undefined,
        ...fundedOf(asked),
      };
    case 'attack': {
      const { question, kind, creatorIds, size, accounts, hours, cost, accountCost, rules } = asked;
      const policies = namedPolicies(asked.policies, asked.names);
      return {
        ...{ question, policies, kind, creatorIds, size, accounts, hours, cost, accountCost, rules },
        ...fundedOf(asked),
      };
    }
    case 'screen': {
      const { question, periods, minFollows, minFollowers, maxFollowers, top } = asked;
      const policy = policyOf(asked.policy, 'policy');
      const creators = creatorsOf(asked.creators);
      return { question, policy, creators, periods, minFollows, minFollowers, maxFollowers, top };
    }
    case 'search': {
      const { question, trials, seed } = asked;
      return { question, policies: namedPolicies(asked.policies, asked.names), trials, seed };
    }
  }
}

/** @param names what the asker calls the policies; undefined: `policy 1`, `policy 2`, … */
function namedPolicies(policies: readonly unknown[], names: readonly string[] | undefined): NamedPolicy[] {
  if (names !== undefined && names.length !== policies.length) {
    throw new QuestionError(
      'invalid-request',
      `names: ${names.length} given for ${policies.length} policies; name each, or leave names out`,
    );
  }
  return policies.map((policy, index) => ({
    name: names?.[index] ?? `policy ${index + 1}`,
    policy: policyOf(policy, `policies[${index}]`),
  }));
}

function fundedOf({ creators, revenue }: Extract<LabQuestion, { revenue: unknown }>): {
  creators: RegisteredCreator[];
  revenue: GivenRevenue[];
} {
  return {
    creators: creatorsOf(creators),
    revenue: Object.entries(revenue).map(([period, amount]) => ({ period, amount })),
  };
}

function creatorsOf(value: unknown): RegisteredCreator[] {
  return acceptedValue(parseCreators(value), 'bad-creators', 'creators');
}

function policyOf(value: unknown, path: string): Policy {
  return acceptedValue(parsePolicy(value), 'bad-policy', path);
}

function acceptedValue<Value>(parsed: Parsed<Value>, code: QuestionFault, where: string): Value {
  if (parsed.ok) {
    return parsed.value;
  }
  const issues = parsed.issues.map(
    ({ path, message }): Issue => ({ path: /^(\[|$)/.test(path) ? where + path : `${where}.${path}`, message }),
  );
  throw new QuestionError(code, `${where}: ${parsed.issues[0]?.message ?? 'cannot be read'}`, { issues });
}
