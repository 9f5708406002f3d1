import { type Policy, policyHash, type RiskPolicy } from '@rewardbook/domain/policy/policy';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { amountsByCreator, type Outcome } from '../whatif/outcome.ts';
import type { AttackCase } from './attack.ts';

/**
 * A policy as written, without its rules, and with each of them alone; with `further` rules, each of those alone too.
 * Blocked lists and the lockstep report, which excludes no one, are left unchanged.
 */
export function attackCases(
  name: string,
  policy: Policy,
  further: readonly (readonly [string, RiskPolicy])[] = [],
): AttackCase[] {
  const { blockedViewers, blockedCreators, lockstep, ...limits } = policy.risk;
  const lists: RiskPolicy = {
    ...(blockedViewers && { blockedViewers }),
    ...(blockedCreators && { blockedCreators }),
    ...(lockstep && { lockstep }),
  };
  const under = (rules: string, risk: RiskPolicy): AttackCase => {
    const changed = { ...policy, risk };
    return { name, rules, policy: changed, policyHash: policyHash(changed) };
  };
  const alone = Object.entries(limits).map(([rule, limit]) => under(`${rule}=${limit}`, { ...lists, [rule]: limit }));
  const hasLimits = alone.length > 0;
  return [
    under('as written', policy.risk),
    ...(hasLimits ? [under('none', lists)] : []),
    ...(alone.length > 1 ? alone : []),
    ...further.map(([rule, risk]) => under(rule, { ...lists, ...risk })),
  ];
}

/** `count` creators from the middle of those who earn: neither the largest nor the smallest, the same every time. */
export function middlingCreators(outcome: Outcome, count: number): string[] {
  const earners = [...amountsByCreator(outcome)]
    .filter(([, amount]) => amount > 0n)
    .sort(([idA, a], [idB, b]) => (a > b ? -1 : a < b ? 1 : compareUtf8(idA, idB)))
    .map(([creatorId]) => creatorId);
  const first = Math.max(0, Math.floor((earners.length - count) / 2));
  return earners.slice(first, first + count);
}
