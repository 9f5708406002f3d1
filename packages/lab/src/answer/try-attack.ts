import { type AttackResult, attack } from '@rewardbook/simulate/attack/attack';
import { middlingCreators } from '@rewardbook/simulate/attack/cases';
import type { AdversaryKind } from '@rewardbook/simulate/generator/scenario';
import { outcomeUnder } from '@rewardbook/simulate/whatif/outcome';
import { attackPlan, usualBeneficiaries } from '../prepare/attack-plan.ts';
import type { PreparedAttack } from '../prepare/prepare.ts';
import type { AnswerInputs } from './answer-inputs.ts';
import { UnanswerableError } from './unanswerable-error.ts';

/** What an attack comes to under each policy and set of rules. */
export interface AttackAnswer {
  readonly kind: AdversaryKind;
  readonly creatorIds: readonly string[];
  readonly currency: string;
  readonly results: readonly AttackResult[];
}

/** @throws UnanswerableError `nobody-earns`; DomainError as `attack` */
export async function tryAttack(
  { first, cases, outline, prices, creators, revenue, ...prepared }: PreparedAttack,
  { readEvents, books, onProgress }: AnswerInputs,
): Promise<AttackAnswer> {
  const events = await readEvents();
  const inputs = { creators, revenue, ...books };
  const { kind } = outline;
  const creatorIds =
    prepared.creatorIds ?? middlingCreators(outcomeUnder(first, inputs, events), usualBeneficiaries(kind));
  if (creatorIds.length === 0) {
    throw new UnanswerableError(
      'nobody-earns',
      'Nobody earns anything in these events: say which creators are to gain',
    );
  }
  const results: AttackResult[] = [];
  for (const result of attack(attackPlan(outline, creatorIds), prices, cases, inputs, events)) {
    results.push(result);
    await onProgress({ phase: 'cases', done: results.length, total: cases.length });
  }
  return { kind, creatorIds, currency: first.policy.currency, results };
}
