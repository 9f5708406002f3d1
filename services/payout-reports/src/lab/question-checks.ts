import { AppError } from '@rewardbook/runtime/http/errors';
import type { CheckedQuestion, CheckResult, ToCheck } from './check-thread.ts';
import { LabThreads, ThreadEndedError } from './lab-threads.ts';
import type { LabLimits } from './limits.ts';
import type { JobLog } from './work.ts';

/** Reads and checks questions, one at a time, in a thread that has a limit of time and memory: megabytes of JSON take a while. */
export class QuestionChecks {
  readonly #limits: LabLimits;
  readonly #threads: LabThreads<ToCheck, CheckResult>;
  readonly #logger: JobLog;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(limits: LabLimits, logger: JobLog) {
    this.#limits = limits;
    this.#logger = logger;
    this.#threads = new LabThreads({
      start: new URL('./check-thread-start.mjs', import.meta.url),
      threads: 1,
      heapMegabytes: limits.checkHeapMegabytes,
      limitMs: limits.checkMs,
    });
  }

  /** @throws AppError that says what is wrong with it; `overloaded` if too many are already waiting */
  async check(body: Uint8Array): Promise<CheckedQuestion> {
    if (this.#waiting >= this.#limits.checking) {
      throw new AppError('overloaded', `${this.#waiting} questions are already being read; ask again`);
    }
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#checkNow(body));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  async #checkNow(body: Uint8Array): Promise<CheckedQuestion> {
    let result: CheckResult;
    try {
      result = await this.#threads.run({ body, limits: this.#limits });
    } catch (error) {
      throw this.#asRefusal(error);
    }
    if ('checked' in result) {
      return result.checked;
    }
    const { code, message, errors } = result.refused;
    throw new AppError(code, message, errors === undefined ? {} : { errors });
  }

  #asRefusal(error: unknown): unknown {
    if (!(error instanceof ThreadEndedError)) {
      this.#logger.warn({ err: error }, 'a question of the lab could not be read');
      return error;
    }
    return error.reason === 'closed'
      ? new AppError('shutting-down', 'The question was not read; ask again', { cause: error })
      : new AppError('too-large', 'The question takes more time or memory to read than there is; ask about less', {
          cause: error,
        });
  }
}
