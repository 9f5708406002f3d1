import { policyWith } from '@rewardbook/contracts/files/policy-settings';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { type Policy, policyHash, type RiskPolicy } from '@rewardbook/domain/policy/policy';
import { comparePeriods, periodBounds } from '@rewardbook/domain/values/period';
import { type AttackResult, attack } from '@rewardbook/simulate/attack/attack';
import { attackCases, middlingCreators } from '@rewardbook/simulate/attack/cases';
import type { AttackPlan } from '@rewardbook/simulate/attack/fake-events';
import type { AdversaryKind } from '@rewardbook/simulate/generator/scenario';
import { outcomeUnder } from '@rewardbook/simulate/whatif/outcome';
import { printJson } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { asInputErrors, labInputs, policyOfPack, takeTurn } from '../../simulation/lab-inputs.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import { attackCsv, describeAttack } from './attack-text.ts';
import type { AttackOptions } from './manipulation-search.ts';
import { searchManipulations } from './manipulation-search.ts';

/** A policy and its name: that of its file, or of the pack. */
interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

const HOUR_MS = 3_600_000;
const LIKES_PER_FAKE_VIEWER = 20;

/** Tries an adversary on policies, or searches for manipulations that pay, and prints what was found. */
export async function attackPolicies(options: AttackOptions, io: Io): Promise<void> {
  if (options.search) {
    const given = options.policy === undefined ? [] : await namedPolicies(options, io);
    return searchManipulations(given, options, io);
  }
  const { kind } = options;
  if (kind === undefined) {
    throw inputError('Give --kind, or --search');
  }
  const policies = await namedPolicies(options, io);
  const [first] = policies;
  if (first === undefined) {
    throw inputError('Give --policy');
  }
  const cases = policies.flatMap(({ name, policy }) =>
    attackCases(name, policy, furtherRules(policy, options.rule ?? [])),
  );
  const inputs = await labInputs(options, first.policy, io);
  const progress = startProgress(io.stderr, 'attack', cases.length);
  try {
    await asInputErrors(async () => {
      const events = await inputs.events();
      const creatorIds =
        options.creator ??
        middlingCreators(
          outcomeUnder({ policy: first.policy, policyHash: policyHash(first.policy) }, inputs, events),
          kind === 'like-ring' ? 5 : 1,
        );
      if (creatorIds.length === 0) {
        throw inputError('Nobody earns anything in these events: give --creator');
      }
      const plan = planOf(kind, creatorIds, first.policy, [...inputs.revenue.keys()], options);
      const prices = { perEvent: options.cost, perAccount: options.accountCost };
      const results: AttackResult[] = [];
      for (const result of attack(plan, prices, cases, inputs, events)) {
        results.push(result);
        progress.update(results.length, `${results.length} cases`);
        await takeTurn(io);
      }
      await print({ kind, creatorIds, currency: first.policy.currency, results }, options, io);
    });
  } finally {
    progress.stop();
  }
}

async function namedPolicies(options: AttackOptions, io: Io): Promise<NamedPolicy[]> {
  const { policy: files, scenario = '' } = options;
  if (files === undefined) {
    return [{ name: scenario, policy: await policyOfPack(options) }];
  }
  const policies: NamedPolicy[] = [];
  for (const file of files) {
    policies.push({ name: file, policy: await readPolicy(file, io) });
  }
  const [first] = policies;
  for (const { name, policy } of policies) {
    if (first !== undefined && policy.currency !== first.policy.currency) {
      throw inputError(
        `${name} is in ${policy.currency}, ${first.name} in ${first.policy.currency}: give one currency`,
      );
    }
  }
  return policies;
}

/** Rules given as `maxLikesPerPair=10`, each as the rules of a policy. */
function furtherRules(policy: Policy, rules: readonly string[]): [string, RiskPolicy][] {
  return rules.map((rule) => {
    const at = rule.indexOf('=');
    const setting = { path: `risk.${rule.slice(0, at)}`, value: rule.slice(at + 1) };
    const parsed = at < 1 ? undefined : policyWith({ ...policy, risk: {} }, [setting]);
    if (parsed?.ok) {
      return [rule, parsed.value.risk];
    }
    const why = parsed === undefined ? 'give KEY=VALUE, as maxLikesPerPair=10' : describeIssues(parsed.issues);
    throw inputError(`--rule ${rule}: ${why}`);
  });
}

function planOf(
  kind: AdversaryKind,
  creatorIds: readonly string[],
  { timeZone }: Policy,
  periods: readonly string[],
  { size, accounts, hours }: AttackOptions,
): AttackPlan {
  const sorted = periods.toSorted(comparePeriods);
  const { start } = periodBounds(sorted[0] ?? '', timeZone);
  const { end } = periodBounds(sorted.at(-1) ?? '', timeZone);
  const usual: Readonly<Record<AdversaryKind, number>> = {
    'bought-followers': size,
    'fake-viewers': Math.ceil(size / LIKES_PER_FAKE_VIEWER),
    'like-ring': creatorIds.length,
    toggling: 5,
    whale: 1,
    split: 2,
  };
  return {
    kind,
    creatorIds,
    events: kind === 'split' ? 0 : size,
    accounts: kind === 'like-ring' || kind === 'whale' ? usual[kind] : (accounts ?? usual[kind]),
    start,
    end: hours === undefined ? end : Math.min(end, start + hours * HOUR_MS),
  };
}

interface Report {
  readonly kind: AdversaryKind;
  readonly creatorIds: readonly string[];
  readonly currency: string;
  readonly results: readonly AttackResult[];
}

async function print(report: Report, { json, format }: AttackOptions, io: Io): Promise<void> {
  if (json || format === 'json') {
    return printJson(io, report);
  }
  const { kind, creatorIds, currency, results } = report;
  await write(io.stdout, format === 'csv' ? attackCsv(results) : describeAttack(kind, creatorIds, currency, results));
}
