import type { Issue } from '@rewardbook/contracts/values/issue';

/** What can be wrong with a question. */
export type QuestionFault =
  | 'invalid-request'
  | 'bad-policy'
  | 'bad-creators'
  | 'bad-period'
  | 'bad-amount'
  | 'too-large';

/** A text of the question that makes a policy invalid: a point of the grid (`weights.follow=3`), or a rule to try alone. */
export interface FaultySetting {
  readonly kind: 'set' | 'rule';
  readonly text: string;
  /** What is wrong with the policy that has it. */
  readonly issues: readonly Issue[];
}

export interface QuestionErrorOptions extends ErrorOptions {
  /** All that is wrong; paths start at the question. */
  readonly issues?: readonly Issue[];
  readonly setting?: FaultySetting;
}

/** A question that has no answer as it was asked; the message says what to put right. */
export class QuestionError extends Error {
  override readonly name = 'QuestionError';
  readonly code: QuestionFault;
  readonly issues: readonly Issue[] | undefined;
  readonly setting: FaultySetting | undefined;

  constructor(code: QuestionFault, message: string, { issues, setting, ...options }: QuestionErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.issues = issues;
    this.setting = setting;
  }
}
