import { DomainError } from './error.ts';
import type { Policy } from './policy.ts';

/** Where boosts go: until they are there, a policy with any is refused. Throws DomainError `not-available-yet`. */
export function assertNoBoosts({ boosts }: Policy): void {
  if (boosts.length > 0) {
    throw new DomainError('not-available-yet', 'boosts are not available yet: leave them out of the policy');
  }
}
