import type { Worker } from 'node:worker_threads';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { CheckedQuestion, CheckTold, ToCheck } from './check-thread.ts';
import type { LabLimits } from './limits.ts';
import { LabThreads } from './threads.ts';
import type { JobLog } from './work.ts';

type CheckLimits = ToCheck['limits'] & Pick<LabLimits, 'checkMs' | 'checkHeapMegabytes' | 'checking'>;

/** Reads and checks questions, one at a time, in a thread that has a limit of time and memory: megabytes of JSON take a while. */
export class QuestionChecks {
  readonly #limits: CheckLimits;
  readonly #threads: LabThreads;
  readonly #logger: JobLog;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(limits: CheckLimits, logger: JobLog) {
    this.#limits = limits;
    this.#logger = logger;
    this.#threads = new LabThreads(limits.checkHeapMegabytes, new URL('./check-thread-start.mjs', import.meta.url));
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
    const { checkMs, events, parties, gridSize, gridBytes } = this.#limits;
    const thread = this.#threads.take();
    let told: CheckTold;
    try {
      told = await this.#toldBy(thread, checkMs, { body, limits: { events, parties, gridSize, gridBytes } });
    } catch (error) {
      await thread.terminate();
      throw error;
    }
    this.#threads.give(thread);
    if (told.told === 'checked') {
      return told.checked;
    }
    const { code, message, errors } = told;
    throw new AppError(code, message, errors === undefined ? {} : { errors });
  }

  #toldBy(thread: Worker, limitMs: number, given: ToCheck): Promise<CheckTold> {
    return new Promise<CheckTold>((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(late);
        thread.off('message', tell).off('error', breakDown).off('exit', exit);
        end();
      };
      const tell = (told: CheckTold): void => settle(() => resolve(told));
      const tooLarge = (): AppError =>
        new AppError('too-large', 'The question takes more time or memory to read than there is; ask about less');
      const breakDown = (error: Error): void => {
        const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        if (!isMemory) {
          this.#logger.warn({ err: error }, 'a question of the lab could not be read');
        }
        settle(() => reject(isMemory ? tooLarge() : error));
      };
      const exit = (): void =>
        settle(() => reject(new AppError('shutting-down', 'The question was not read; ask again')));
      const late = setTimeout(() => settle(() => reject(tooLarge())), limitMs);
      thread.on('message', tell).on('error', breakDown).on('exit', exit);
      thread.postMessage(given);
    });
  }
}
