import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import type { StoredPolicy } from './policy-sql.ts';

/** A stored policy, checked: what was stored is what its hash says, and today's rules read it to the same policy. */
export function readStoredPolicy({ version, policy: text, policyHash: expected }: StoredPolicy): Policy {
  const parsed = parsePolicy(JSON.parse(text));
  if (!parsed.ok || policyHash(parsed.value) !== expected) {
    throw new Error(`policy version ${version} is not what its hash says`);
  }
  return parsed.value;
}
