import type { LabJob, LabState } from '@rewardbook/contracts/api/lab';
import { formatInstant } from '@rewardbook/domain/values/instant';
import { AppError } from '@rewardbook/runtime/http/errors';
import { LabThreads, ThreadEndedError } from './lab-threads.ts';
import type { LabLimits } from './limits.ts';
import type { Failure, JobLog, JobProgress, Work } from './work.ts';

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
  /** Aborted once it is over: ends its thread, where that still works on it. */
  readonly over: AbortController;
  readonly asked: QueuedQuestion;
  /** Called once it is over. */
  readonly waiters: Set<() => void>;
}

type JobLimits = Pick<
  LabLimits,
  'running' | 'waiting' | 'waitingPerKey' | 'remembered' | 'jobMs' | 'heapMegabytes' | 'answersBytes'
>;

/** Questions that are worked on in threads, and answers that are kept, by what they follow from. */
export class Jobs {
  readonly #limits: JobLimits;
  readonly #logger: JobLog;
  // By key and name, in the order of their last use; those that wait start in the order in which they came.
  readonly #jobs = new Map<string, Job>();
  readonly #threads: LabThreads<Work, Uint8Array | Failure, JobProgress>;
  #isClosed = false;

  constructor(limits: JobLimits, logger: JobLog) {
    this.#limits = limits;
    this.#logger = logger;
    this.#threads = new LabThreads({
      start: new URL('./answer-thread-start.mjs', import.meta.url),
      threads: limits.running,
      heapMegabytes: limits.heapMegabytes,
      limitMs: limits.jobMs,
    });
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
      over: new AbortController(),
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
      void this.#work(job);
    }
  }

  async #work(job: Job): Promise<void> {
    job.state = 'running';
    job.progress = { phase: 'events', done: 0, total: null };
    const onProgress = (progress: JobProgress): void => {
      job.progress = progress;
    };
    const result = await this.#threads
      .run(job.asked.work, { signal: job.over.signal, onProgress })
      .catch((error: unknown) => (isOver(job) ? undefined : this.#failureOf(job, error)));
    if (result instanceof Uint8Array) {
      job.answer = result;
      this.#end(job, 'done');
    } else if (result !== undefined) {
      this.#fail(job, result);
    }
  }

  #failureOf({ job }: Job, error: unknown): Failure {
    const reason = error instanceof ThreadEndedError ? error.reason : undefined;
    if (reason === 'took-too-long') {
      return { code: reason, message: `It took more than ${this.#limits.jobMs / 1000} seconds` };
    }
    this.#logger.warn({ err: error, job }, 'a question of the lab failed');
    return reason === 'out-of-memory'
      ? { code: reason, message: 'It needs more memory than the lab gives a question; ask about less' }
      : { code: 'internal-error', message: 'It failed; the log of the service says why' };
  }

  #fail(job: Job, failure: Failure): void {
    job.failure = failure;
    this.#end(job, 'failed');
  }

  #end(job: Job, state: 'done' | 'failed' | 'cancelled'): void {
    if (isOver(job)) {
      return;
    }
    job.state = state;
    job.over.abort();
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
