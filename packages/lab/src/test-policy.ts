import { type PolicyInput, parsePolicy } from '@rewardbook/contracts/files/policy';
import type { Policy } from '@rewardbook/domain/policy/policy';

/** A policy for tests: all defaults but these keys. */
export function testPolicy(keys: Partial<PolicyInput> = {}): Policy {
  const base = { program: 'p', name: 'P', currency: 'IDR', timeZone: 'UTC', period: 'month' };
  const parsed = parsePolicy({ ...base, ...keys });
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.issues));
  }
  return parsed.value;
}
