import { DomainError } from './error.ts';
import type { Policy } from './policy.ts';

/** Where the lockstep report goes: until it is there, a policy that asks for it is refused. Throws DomainError `not-available-yet`. */
export function assertNoLockstep({ risk }: Policy): void {
  if (risk.lockstep !== undefined) {
    throw new DomainError('not-available-yet', 'risk.lockstep is not available yet: leave it out of the policy');
  }
}
