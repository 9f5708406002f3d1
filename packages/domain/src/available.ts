import { allocationMethod } from './allocation.ts';
import { assertNoBoosts } from './boost.ts';
import { assertNoLockstep } from './lockstep.ts';
import type { Policy } from './policy.ts';

/** Refuses a policy that asks for what is not there yet. Throws DomainError `not-available-yet`, which says what. */
export function assertAvailable(policy: Policy): void {
  allocationMethod(policy.allocation.method);
  assertNoBoosts(policy);
  assertNoLockstep(policy);
}
