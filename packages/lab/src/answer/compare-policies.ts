import { type Comparison, compareOutcomes } from '@rewardbook/simulate/whatif/compare';
import { trials } from '@rewardbook/simulate/whatif/trials';
import type { PreparedComparison } from '../prepare/prepare.ts';
import type { AnswerInputs } from './answer-inputs.ts';

/** Throws DomainError as `trials`. */
export async function comparePolicies(
  { a, b, creators, revenue }: PreparedComparison,
  { readEvents, books, onProgress }: AnswerInputs,
): Promise<Comparison> {
  const outcomeUnder = trials({ creators, revenue, ...books }, await readEvents());
  const before = outcomeUnder(a);
  await onProgress({ phase: 'policies', done: 1, total: 2 });
  const after = outcomeUnder(b);
  await onProgress({ phase: 'policies', done: 2, total: 2 });
  return compareOutcomes(before, after);
}
