import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { DomainError } from '@rewardbook/domain/values/error';
import type { SimulatedPolicy } from '@rewardbook/simulate/closes/simulation';
import { assertComparable } from '@rewardbook/simulate/whatif/outcome';
import type { NamedPolicy } from '../question/question.ts';
import { QuestionError } from '../question/question-error.ts';

export function hashed(policy: Policy): Pick<SimulatedPolicy, 'policy' | 'policyHash'> {
  return { policy, policyHash: policyHash(policy) };
}

/** The first of policies whose outcomes are compared. @throws QuestionError `bad-policy` without a policy, or for two of different kinds of program */
export function firstOfComparable(policies: readonly Policy[]): Policy {
  const [first, ...others] = policies;
  if (first === undefined) {
    throw new QuestionError('bad-policy', 'Give a policy');
  }
  for (const other of others) {
    try {
      assertComparable(first, other);
    } catch (error) {
      throw error instanceof DomainError ? new QuestionError('bad-policy', error.message, { cause: error }) : error;
    }
  }
  return first;
}

const METHODS = ['pro-rata', 'user-centric', 'engaged-equal', 'equal', 'square-root', 'blend'] as const;

/** A policy of each allocation method, all else as defaults have it, named for its method. */
export function policyOfEachMethod(): NamedPolicy[] {
  return METHODS.map((method) => {
    const parsed = parsePolicy({
      ...{ program: 'search', name: 'Search', currency: 'JPY', timeZone: 'UTC', period: 'day' },
      allocation: method === 'blend' ? { method, lambda: '0.5' } : { method },
    });
    if (parsed.ok) {
      return { name: method, policy: parsed.value };
    }
    throw new Error(`a policy of all defaults is not valid: ${parsed.issues[0]?.message}`);
  });
}
