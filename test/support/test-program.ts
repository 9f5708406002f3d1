import type { Sql } from '@rewardbook/db/client';
import { canonicalPolicy, type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { currencyOf } from '@rewardbook/money/currency';
import { actorOf } from './people.ts';

/**
 * Applies a policy from the beginning, as the ledger would: for tests of everything else. Gives the program's number.
 */
export async function applyTestPolicy(owner: Sql, policy: Policy): Promise<number> {
  const { code, digits } = currencyOf(policy.currency);
  await owner`
    INSERT INTO api_key (name, key_hash, scopes) VALUES ('test', decode(${actorOf('test')}, 'hex'), '{operate}') ON CONFLICT DO NOTHING`;
  const [applied] = await owner<{ programId: number }[]>`
    SELECT program_id AS "programId" FROM apply_policy(${policy.program}, ${code}, ${digits}::smallint, ${policy.timeZone},
      ${policy.period}, ${canonicalPolicy(policy)}, ${policyHash(policy)}, NULL, NULL, ${actorOf('test')})`;
  if (applied === undefined) {
    throw new Error('apply_policy gave no row');
  }
  return applied.programId;
}
