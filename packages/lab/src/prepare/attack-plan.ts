import { policyWith } from '@rewardbook/contracts/files/policy-settings';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { Policy, RiskPolicy } from '@rewardbook/domain/policy/policy';
import { comparePeriods, periodBounds } from '@rewardbook/domain/values/period';
import type { AttackPlan } from '@rewardbook/simulate/attack/fake-events';
import type { AdversaryKind } from '@rewardbook/simulate/generator/scenario';
import type { AttackQuestion } from '../question/question.ts';
import { QuestionError } from '../question/question-error.ts';

const HOUR_MS = 3_600_000;
const LIKES_PER_FAKE_VIEWER = 20;
const TOGGLING_ACCOUNTS = 5;
const SPLIT_INTO = 2;
const RING_MEMBERS = 5;

/** All of a plan but for whom it is: who that is may have to be found in the events first. */
export interface AttackOutline extends Omit<AttackPlan, 'creatorIds' | 'accounts'> {
  /** As asked for; undefined: by kind. */
  readonly accounts: number | undefined;
}

/**
 * When and how much, from the start of the first period that has revenue.
 *
 * @param periods labels, at least one
 */
export function attackOutline(
  { kind, size, accounts, hours }: AttackQuestion,
  { timeZone }: Policy,
  periods: Iterable<string>,
): AttackOutline {
  const sorted = [...periods].sort(comparePeriods);
  const { start } = periodBounds(sorted[0] ?? '', timeZone);
  const { end } = periodBounds(sorted.at(-1) ?? '', timeZone);
  return {
    kind,
    events: kind === 'split' ? 0 : size,
    accounts,
    start,
    end: hours === undefined ? end : Math.min(end, start + hours * HOUR_MS),
  };
}

/** The plan for these creators. A like ring has an account for each of them and a whale is one, whatever was asked for. */
export function attackPlan({ accounts, ...outline }: AttackOutline, creatorIds: readonly string[]): AttackPlan {
  const { kind, events } = outline;
  const usual: Readonly<Record<AdversaryKind, number>> = {
    'bought-followers': events,
    'fake-viewers': Math.ceil(events / LIKES_PER_FAKE_VIEWER),
    'like-ring': creatorIds.length,
    toggling: TOGGLING_ACCOUNTS,
    whale: 1,
    split: SPLIT_INTO,
  };
  const isFixed = kind === 'like-ring' || kind === 'whale';
  return { ...outline, creatorIds, accounts: isFixed ? usual[kind] : (accounts ?? usual[kind]) };
}

/** How many creators an attack is for where nobody says which. */
export function usualBeneficiaries(kind: AdversaryKind): number {
  return kind === 'like-ring' ? RING_MEMBERS : 1;
}

/** Rules given as `maxLikesPerPair=10`, each as the only rule of a policy. @throws QuestionError `bad-policy` */
export function furtherRules(policy: Policy, rules: readonly string[]): [string, RiskPolicy][] {
  return rules.map((rule) => {
    const at = rule.indexOf('=');
    const setting = { path: `risk.${rule.slice(0, at)}`, value: rule.slice(at + 1) };
    const parsed = at < 1 ? undefined : policyWith({ ...policy, risk: {} }, [setting]);
    if (parsed?.ok) {
      return [rule, parsed.value.risk];
    }
    const issues = parsed?.issues ?? [{ path: '', message: 'give KEY=VALUE, as maxLikesPerPair=10' }];
    throw new QuestionError('bad-policy', `rule ${rule}: ${describeIssues(issues)}`, {
      setting: { kind: 'rule', text: rule, issues },
    });
  });
}
