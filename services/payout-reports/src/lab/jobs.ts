import type { LabJob, LabState } from '@rewardbook/contracts/api/lab';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { LabLimits } from './limits.ts';
import { LabThreads } from './threads.ts';
import type { Failure, JobLog, JobProgress, Work, WorkerMessage } from './work.ts';

/** A question with its place among the jobs. */
export interface QueuedQuestion {
  readonly job: string;
  /** Whose job it is: no other key sees it. */
  readonly keyId: number;
  readonly work: Work;
  /** Called once, when the work is over or is not needed. */
  readonly release: () => void;
}

interface Job {
  readonly job: string;
  readonly question: LabJob['question'];
  readonly askedAt: number;
  state: LabState;
  progress: JobProgress;
  answer: Uint8Array | undefined;
  failure: Failure | undefined;
  /** Frees its thread, if it has one: for the next job, or ends it. */
  letGo: ((canGoOn: boolean) => void) | undefined;
  readonly asked: QueuedQuestion;
  /** Called once it is over. */
  readonly waiters: Set<() => void>;
}

type JobLimits = Pick<
  LabLimits,
  'running' | 'waiting' | 'waitingPerKey' | 'remembered' | 'jobMs' | 'heapMegabytes' | 'answersBytes' | 'events'
>;

/** Questions that are worked on in threads, and answers that are kept, by what they follow from. */
export class Jobs {
  readonly #limits: JobLimits;
  readonly #logger: JobLog;
  // By key and name, in the order of their last use; those that wait start in the order in which they came.
  readonly #jobs = new Map<string, Job>();
  readonly #threads: LabThreads;
  #isClosed = false;

  constructor(limits: JobLimits, logger: JobLog) {
    this.#limits = limits;
    this.#logger = logger;
    this.#threads = new LabThreads(limits.heapMegabytes, new URL('./thread-start.mjs', import.meta.url));
  }

  /** The job of a question: the one that there is, or a new one. @throws AppError `overloaded`, `shutting-down` */
  ask(asked: QueuedQuestion): LabJob {
    const known = this.#jobs.get(placeOf(asked.keyId, asked.job));
    if (known !== undefined && known.state !== 'failed' && known.state !== 'cancelled') {
      asked.release();
      this.#touch(known);
      return shown(known);
    }
    const refusal = this.#refusal(asked.keyId);
    if (refusal !== undefined) {
      asked.release();
      throw refusal;
    }
    const job: Job = {
      job: asked.job,
      question: asked.work.question,
      askedAt: Date.now(),
      state: 'waiting',
      progress: { phase: 'waiting', done: 0, total: null },
      answer: undefined,
      failure: undefined,
      letGo: undefined,
      asked,
      waiters: new Set(),
    };
    this.#touch(job);
    this.#startNext();
    this.#forget();
    return shown(job);
  }

  find(keyId: number, job: string): LabJob | undefined {
    const found = this.#jobs.get(placeOf(keyId, job));
    return found && shown(found);
  }

  list(keyId: number): LabJob[] {
    return [...this.#jobs.values()]
      .filter(({ asked }) => asked.keyId === keyId)
      .reverse()
      .map(shown);
  }

  answerOf(keyId: number, job: string): Uint8Array | undefined {
    const found = this.#jobs.get(placeOf(keyId, job));
    if (found?.answer !== undefined) {
      this.#touch(found);
    }
    return found?.answer;
  }

  /** The job once it is over, or its state after `ms` milliseconds. */
  async wait(keyId: number, job: string, ms: number): Promise<LabJob | undefined> {
    const found = this.#jobs.get(placeOf(keyId, job));
    if (found !== undefined && !isOver(found) && ms > 0) {
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          found.waiters.delete(settle);
          resolve();
        };
        const timer = setTimeout(settle, ms);
        found.waiters.add(settle);
      });
    }
    return found && shown(found);
  }

  /** Cancels a job that is not over; a finished one stays unchanged. */
  cancel(keyId: number, job: string): LabJob | undefined {
    const found = this.#jobs.get(placeOf(keyId, job));
    if (found === undefined) {
      return undefined;
    }
    this.#end(found, 'cancelled');
    return shown(found);
  }

  /** Ends all jobs; further questions are refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#jobs.values()) {
      this.#end(job, 'cancelled');
    }
    await this.#threads.close();
  }

  #refusal(keyId: number): AppError | undefined {
    if (this.#isClosed) {
      return new AppError('shutting-down', 'The service is shutting down; ask again');
    }
    const waiting = [...this.#jobs.values()].filter(({ state }) => state === 'waiting');
    const ofKey = waiting.filter(({ asked }) => asked.keyId === keyId).length;
    const retryAfterSeconds = 5;
    if (ofKey >= this.#limits.waitingPerKey) {
      const message = `${ofKey} questions of this key are already waiting; ask again when one is answered`;
      return new AppError('too-many-requests', message, { retryAfterSeconds });
    }
    if (waiting.length < this.#limits.waiting) {
      return undefined;
    }
    const message = `${waiting.length} questions are already waiting; ask again when one is answered`;
    return new AppError('overloaded', message, { retryAfterSeconds });
  }

  #startNext(): void {
    if (this.#isClosed) {
      return;
    }
    const jobs = [...this.#jobs.values()];
    let running = jobs.filter(({ state }) => state === 'running').length;
    const waiting = jobs.filter(({ state }) => state === 'waiting').sort((a, b) => a.askedAt - b.askedAt);
    for (const job of waiting) {
      if (running >= this.#limits.running) {
        return;
      }
      running += 1;
      this.#start(job);
    }
  }

  #start(job: Job): void {
    const { jobMs } = this.#limits;
    job.state = 'running';
    job.progress = { phase: 'events', done: 0, total: null };
    const thread = this.#threads.take();
    const fail = (code: string, message: string, canGoOn = false): void => {
      job.failure = { code, message };
      this.#end(job, 'failed', canGoOn);
    };
    const onMessage = (told: WorkerMessage): void => {
      if (told.told === 'progress') {
        job.progress = told.progress;
      } else if (told.told === 'failure') {
        fail(told.failure.code, told.failure.message, true);
      } else {
        job.answer = told.answer;
        this.#end(job, 'done', true);
      }
    };
    const breakDown = (error: Error): void => {
      this.#logger.warn({ err: error, job: job.job }, 'a question of the lab failed');
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (isMemory) {
        fail('out-of-memory', 'It needs more memory than the lab gives a question; ask about less');
      } else {
        fail('internal-error', 'It failed; the log of the service says why');
      }
    };
    const exit = (): void => fail('internal-error', 'It ended without an answer');
    const late = setTimeout(() => fail('took-too-long', `It took more than ${jobMs / 1000} seconds`), jobMs);
    thread.on('message', onMessage).on('error', breakDown).on('exit', exit);
    job.letGo = (canGoOn) => {
      clearTimeout(late);
      thread.off('message', onMessage).off('error', breakDown).off('exit', exit);
      if (canGoOn) {
        this.#threads.give(thread);
      } else {
        void thread.terminate();
      }
    };
    thread.postMessage(job.asked.work);
  }

  #end(job: Job, state: 'done' | 'failed' | 'cancelled', canGoOn = false): void {
    if (isOver(job)) {
      return;
    }
    job.state = state;
    job.letGo?.(canGoOn);
    job.letGo = undefined;
    job.asked.release();
    for (const settle of [...job.waiters]) {
      settle();
    }
    this.#startNext();
    this.#forget();
  }

  #touch(job: Job): void {
    const place = placeOf(job.asked.keyId, job.job);
    this.#jobs.delete(place);
    this.#jobs.set(place, job);
  }

  /** Makes room: the key that takes up most loses its finished jobs, those unused for longest first. */
  #forget(): void {
    for (;;) {
      const over = [...this.#jobs.values()].filter(isOver);
      const bytes = over.reduce((sum, job) => sum + bytesOf(job), 0);
      const isByBytes = bytes > this.#limits.answersBytes;
      if (!isByBytes && over.length <= this.#limits.remembered) {
        return;
      }
      const taken = new Map<number, number>();
      for (const job of over) {
        const { keyId } = job.asked;
        taken.set(keyId, (taken.get(keyId) ?? 0) + (isByBytes ? bytesOf(job) : 1));
      }
      const [greediest] = [...taken].reduce((most, each) => (each[1] > most[1] ? each : most), [-1, -1]);
      const oldest = over.find(({ asked }) => asked.keyId === greediest);
      if (oldest === undefined) {
        return;
      }
      this.#jobs.delete(placeOf(greediest, oldest.job));
    }
  }
}

function isOver({ state }: Pick<Job, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** The same question from two keys is two jobs. */
function placeOf(keyId: number, job: string): string {
  return `${keyId} ${job}`;
}

function bytesOf({ answer }: Pick<Job, 'answer'>): number {
  return answer?.length ?? 0;
}

function shown({ job, question, state, askedAt, progress, answer, failure }: Job): LabJob {
  return {
    job,
    question,
    state,
    askedAt: formatInstant(askedAt),
    progress,
    answerBytes: answer?.length ?? null,
    failure: failure ?? null,
  };
}
