import { Worker } from 'node:worker_threads';

/** A thread takes a second to start, so it waits this long for another question. */
const IDLE_MS = 60_000;

/** Threads that answer questions, one at a time each. Those that wait for one do not keep the process alive. */
export class LabThreads {
  readonly #heapMegabytes: number;
  readonly #start: URL;
  readonly #all = new Set<Worker>();
  readonly #idle = new Map<Worker, NodeJS.Timeout>();

  /**
   * @param heapMegabytes of each
   * @param start what a thread runs
   */
  constructor(heapMegabytes: number, start: URL) {
    this.#heapMegabytes = heapMegabytes;
    this.#start = start;
  }

  /** A thread that no other question uses. */
  take(): Worker {
    for (const [thread, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      thread.ref();
      return thread;
    }
    const thread = new Worker(this.#start, {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    });
    this.#all.add(thread);
    // One that dies while idle needs no handling.
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      this.#all.delete(thread);
      clearTimeout(this.#idle.get(thread));
      this.#idle.delete(thread);
    });
    return thread;
  }

  /** Takes back a thread that has answered. */
  give(thread: Worker): void {
    thread.unref();
    const timer = setTimeout(() => void thread.terminate(), IDLE_MS);
    timer.unref();
    this.#idle.set(thread, timer);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
  }
}
