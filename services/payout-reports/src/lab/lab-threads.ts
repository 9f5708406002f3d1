import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { ThreadMessage, ThreadTask } from './thread-task.ts';

/** A thread takes a second to start, so it waits this long for another question. */
const IDLE_MS = 60_000;

export interface LabThreadsOptions {
  /** A module whose default export runs a `taskOfThread`. */
  readonly start: URL;
  /** At most, at the same time. */
  readonly threads: number;
  /** Of each. */
  readonly heapMegabytes: number;
  /** For one task, from when it begins. */
  readonly limitMs: number;
}

/** Why a thread came to no result. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';
  readonly reason: 'took-too-long' | 'out-of-memory' | 'closed';

  constructor(reason: ThreadEndedError['reason'], options?: ErrorOptions) {
    super(`the thread ended: ${reason}`, options);
    this.reason = reason;
  }
}

/** Threads that work on questions, one at a time each. Those that wait for one do not keep the process alive. */
export class LabThreads<Given, Result, Progress = never> {
  readonly #pool: Piscina<ThreadTask<Given>, Result>;
  readonly #limitMs: number;
  /** Tasks that have not begun: their threads may still be starting. */
  readonly #starting = new Set<AbortController>();
  #isClosed = false;

  constructor({ start, threads, heapMegabytes, limitMs }: LabThreadsOptions) {
    this.#limitMs = limitMs;
    this.#pool = new Piscina({
      filename: start.href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      atomics: 'disabled', // a thread that waits must not block: connections that it had close meanwhile
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    // A thread that fails while it starts has no task yet, and the pool would let the task wait for ever.
    this.#pool.on('error', (error: Error) => {
      for (const ended of this.#starting) {
        ended.abort(asEnded(error));
      }
    });
  }

  /**
   * Runs a task in a thread that no other task uses meanwhile.
   *
   * @param signal aborted: ends the thread
   * @throws ThreadEndedError, what the signal was aborted with, or what the task threw
   */
  async run(
    given: Given,
    { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: (progress: Progress) => void } = {},
  ): Promise<Result> {
    if (this.#isClosed) {
      throw new ThreadEndedError('closed');
    }
    const { port1: here, port2: port } = new MessageChannel();
    const ended = new AbortController();
    let late: NodeJS.Timeout | undefined;
    const onMessage = (message: ThreadMessage<Progress>): void => {
      if ('progress' in message) {
        onProgress?.(message.progress);
        return;
      }
      this.#starting.delete(ended);
      late = setTimeout(() => ended.abort(new ThreadEndedError('took-too-long')), this.#limitMs);
    };
    here.on('message', onMessage);
    this.#starting.add(ended);
    const end = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
    try {
      const result = await this.#pool.run({ given, port }, { transferList: [port], signal: end });
      for (let left = receiveMessageOnPort(here); left !== undefined; left = receiveMessageOnPort(here)) {
        onMessage(left.message); // said before the result, on another port
      }
      return result;
    } catch (error) {
      if (end.aborted) {
        throw end.reason;
      }
      throw this.#isClosed ? new ThreadEndedError('closed', { cause: error }) : asEnded(error);
    } finally {
      clearTimeout(late);
      here.close();
      this.#starting.delete(ended);
    }
  }

  /** Ends all threads, and what they work on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool.destroy();
  }
}

function asEnded(error: unknown): unknown {
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory ? new ThreadEndedError('out-of-memory', { cause: error }) : error;
}
