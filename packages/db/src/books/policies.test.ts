import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { applyTestPolicy } from '../../../../test/support/test-program.ts';
import { connect, type Sql } from '../client.ts';
import { findPolicy, findPolicyAt, listPolicies, listPolicyVersions, newestPolicy, requirePolicy } from './policies.ts';

let database: TestDatabase;
let owner: Sql;
let programId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = connect(database.ownerUrl, { max: 1 });
  programId = await applyTestPolicy(owner, testPolicy({ program: 'books', weights: { like: '1', follow: '5' } }));
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** Reads the policy in every way while it is stored as `change` has it. */
async function readChanged(change: string): Promise<string[]> {
  const [before] = await owner<{ policy: string }[]>`SELECT policy FROM policy_version WHERE program_id = ${programId}`;
  await owner`UPDATE policy_version SET policy = ${change} WHERE program_id = ${programId}`;
  const reads = [
    findPolicy(owner, programId, 1),
    requirePolicy(owner, programId, 1),
    findPolicyAt(owner, programId, '2026-10'),
    newestPolicy(owner, programId),
    listPolicies(owner, programId),
  ];
  const results = await Promise.allSettled(reads);
  await owner`UPDATE policy_version SET policy = ${before?.policy ?? ''} WHERE program_id = ${programId}`;
  return results.map((result) => (result.status === 'rejected' ? String(result.reason) : 'read'));
}

it('gives a policy as it was stored', async () => {
  const stored = await requirePolicy(owner, programId, 1);
  expect(stored).toMatchObject({ version: 1, validFrom: null, policy: { program: 'books', weights: { follow: '5' } } });
  expect(await findPolicyAt(owner, programId, '2026-10')).toEqual(stored);
  expect(await newestPolicy(owner, programId)).toEqual(stored);
  expect(await listPolicies(owner, programId)).toEqual([stored]);
  const { policy: _policy, ...version } = stored;
  expect(await listPolicyVersions(owner, programId, { after: 0, limit: 2 })).toEqual([version]);
  expect(await findPolicy(owner, programId, 2)).toBeUndefined();
  await expect(requirePolicy(owner, programId, 2)).rejects.toThrow('policy version 2 of program');
});

it('refuses one that is not what its hash says, however it is read', async () => {
  const { policy } = await requirePolicy(owner, programId, 1);
  const changed = JSON.stringify({ ...policy, revenueShare: '0.5' });
  const errors = await readChanged(changed);
  expect(errors).toHaveLength(5);
  for (const error of errors) {
    expect(error).toContain('policy version 1 is not what its hash says');
  }
});

it('refuses one that is not valid, and says where', async () => {
  const { policy } = await requirePolicy(owner, programId, 1);
  const errors = await readChanged(JSON.stringify({ ...policy, revenueShare: '2' }));
  for (const error of errors) {
    expect(error).toContain('policy version 1 is stored, but not valid: revenueShare');
  }
});
