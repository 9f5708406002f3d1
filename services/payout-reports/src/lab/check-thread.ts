import type { LabJob } from '@rewardbook/contracts/api/lab';
import type { AskedEvents } from '@rewardbook/lab/question/asked-events';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { ProblemCode } from '@rewardbook/runtime/http/problem-codes';
import { type KindOfProgram, kindOfProgram } from './kind-of-program.ts';
import type { LabLimits } from './limits.ts';
import { questionOfBody } from './question-body.ts';
import { questionDigest } from './question-digest.ts';
import { taskOfThread } from './thread-task.ts';

/** What a thread that checks questions gets. */
export interface ToCheck {
  readonly body: Uint8Array;
  readonly limits: LabLimits;
}

/** What is known of a question that has an answer. */
export interface CheckedQuestion {
  readonly question: LabJob['question'];
  readonly kind: KindOfProgram | undefined;
  readonly events: AskedEvents | undefined;
  /** SHA-256 of all that an answer follows from, the events left out. */
  readonly digest: string;
}

/** What a thread says of a question. */
export type CheckResult =
  | { readonly checked: CheckedQuestion }
  | {
      readonly refused: { readonly code: ProblemCode; readonly message: string; readonly errors: AppError['errors'] };
    };

export const checkQuestion = taskOfThread(({ body, limits }: ToCheck): CheckResult => {
  try {
    const read = questionOfBody(body, limits);
    const { question, events } = read;
    const checked = { question: question.question, kind: kindOfProgram(read), events, digest: questionDigest(read) };
    return { checked };
  } catch (error) {
    if (!(error instanceof AppError)) {
      throw error;
    }
    const { code, message, errors } = error;
    return { refused: { code, message, errors } };
  }
});
