import { parentPort } from 'node:worker_threads';
import type { LabJob } from '@rewardbook/contracts/api/lab';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { ProblemCode } from '@rewardbook/runtime/http/problem-codes';
import type { LabLimits } from './limits.ts';
import { type KindOfProgram, prepare } from './prepare.ts';
import { type AskedEvents, readAskedEvents, readQuestion } from './read-question.ts';

/** What a thread that checks questions gets. */
export interface ToCheck {
  readonly body: Uint8Array;
  readonly limits: Pick<LabLimits, 'events' | 'parties' | 'gridSize' | 'gridBytes'>;
}

/** What is known of a question that has an answer. */
export interface CheckedQuestion {
  readonly question: LabJob['question'];
  readonly kind: KindOfProgram;
  readonly events: AskedEvents | undefined;
  /** SHA-256 of all that an answer follows from, the events left out. */
  readonly digest: string;
}

/** What a thread says of a question. */
export type CheckTold =
  | { readonly told: 'checked'; readonly checked: CheckedQuestion }
  | {
      readonly told: 'refused';
      readonly code: ProblemCode;
      readonly message: string;
      readonly errors: AppError['errors'];
    };

function check({ body, limits }: ToCheck): CheckTold {
  try {
    const asked = readQuestion(body);
    const events = readAskedEvents('events' in asked ? asked.events : undefined, limits);
    const { kind, digest } = prepare(asked, limits);
    return { told: 'checked', checked: { question: asked.question, kind, events, digest } };
  } catch (error) {
    // Anything else is a defect, and ends the thread.
    if (!(error instanceof AppError)) {
      throw error;
    }
    const { code, message, errors } = error;
    return { told: 'refused', code, message, errors };
  }
}

parentPort?.on('message', (given: ToCheck) => parentPort?.postMessage(check(given)));
