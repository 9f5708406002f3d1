import { Worker } from 'node:worker_threads';
import type { CloseQuestion } from '@rewardbook/simulate/program';
import type { ShardAnswer } from '@rewardbook/simulate/shard';
import { type BlockMemory, blockMemory } from './event-records.ts';
import { type LineCounts, type LineRemark, REMARKS_SHOWN } from './line-report.ts';
import type { Block, FromThread, ThreadData, ToThread } from './messages.ts';

/** Blocks that are read ahead, for each thread: one that it reads, one that waits. */
const BLOCKS_A_THREAD = 3;

export interface ThreadsOptions {
  readonly threads: number;
  /** Bytes of a block, unless a line is longer. */
  readonly blockBytes: number;
  readonly program: ThreadData['program'];
  /** Lines that were counted. */
  readonly onCounts: (counts: LineCounts) => void;
  /** Arguments of Node for the threads; left out, those of the process. */
  readonly execArgv?: readonly string[] | undefined;
}

// What they hold lies in typed arrays, outside of the heap.
const YOUNG_MIB = 12;

const NO_MEMORY = blockMemory(0, 0);

interface Pending {
  readonly block: Block;
  scanned: Extract<FromThread, { kind: 'scanned' }> | undefined;
  /** How many threads have their events. */
  gathered: number;
}

/**
 * Threads that simulate a program together. Each has a share of the viewers, by a hash, and gathers their events in the order of the
 * file; the lines are read by all in turn, block by block, and go to those who have their viewers as positions in shared memory.
 */
export class Threads {
  readonly #options: ThreadsOptions;
  readonly #workers: Worker[];
  readonly #free: BlockMemory[] = [];
  #memories = 0;
  #pending: Pending[] = []; // in order
  #blocks = 0;
  #filling = NO_MEMORY;
  #filled = 0;
  #toGather = 0;
  #linesBefore = 0;
  #remarks: LineRemark[] = [];
  #accepting = 0;
  #answers: (ShardAnswer | undefined)[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    this.#workers = Array.from({ length: options.threads }, (_, index) => {
      const data: ThreadData = { threads: options.threads, number: index, program: options.program };
      const worker = new Worker(new URL('./thread-start.mjs', import.meta.url), {
        workerData: data,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
        ...(options.execArgv === undefined ? {} : { execArgv: [...options.execArgv] }),
      });
      worker.on('message', (message: FromThread) => this.#receive(index, message));
      worker.on('error', (error) => this.#fail(error));
      worker.on('exit', () => this.#fail(new Error('a thread of the simulation ended')));
      return worker;
    });
  }

  /** Hands whole lines to the threads, a block at a time; waits while they have enough. */
  async add(lines: Uint8Array): Promise<void> {
    if (this.#filled + lines.length > this.#filling.lines.byteLength) {
      this.#scan();
      await this.#until(() => this.#free.length > 0 || this.#memories < BLOCKS_A_THREAD * this.#options.threads);
      this.#filling = this.#memory(lines.length);
    }
    new Uint8Array(this.#filling.lines).set(lines, this.#filled);
    this.#filled += lines.length;
  }

  /** All lines are there: waits until it is known which events stand. Gives remarks on the first lines that are none, in order. */
  async accept(): Promise<readonly LineRemark[]> {
    this.#scan();
    await this.#until(() => this.#pending.length === 0);
    this.#accepting = this.#workers.length;
    for (const index of this.#workers.keys()) this.#send(index, { kind: 'accept' });
    await this.#until(() => this.#accepting === 0);
    return this.#remarks.sort((a, b) => a.number - b.number);
  }

  /** Asks all threads about a close. */
  async ask(question: CloseQuestion): Promise<ShardAnswer[]> {
    this.#answers = this.#workers.map(() => undefined);
    for (const index of this.#workers.keys()) this.#send(index, { kind: 'close', question });
    const answers = (): ShardAnswer[] => this.#answers.filter((answer) => answer !== undefined);
    await this.#until(() => answers().length === this.#workers.length);
    return answers();
  }

  async stop(): Promise<void> {
    this.#failure ??= { error: new Error('the simulation has ended') };
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #scan(): void {
    if (this.#filled === 0) return;
    const block: Block = { number: this.#blocks, memory: this.#filling, size: this.#filled };
    this.#pending.push({ block, scanned: undefined, gathered: 0 });
    this.#send(this.#blocks % this.#workers.length, { kind: 'scan', block });
    this.#blocks += 1;
    this.#filling = NO_MEMORY;
    this.#filled = 0;
  }

  #receive(index: number, message: FromThread): void {
    if (message.kind === 'answer') {
      this.#answers[index] = message.answer;
    } else if (message.kind === 'accepted') {
      this.#options.onCounts(message.counts);
      this.#remarks.push(...message.remarks);
      this.#accepting -= 1;
    } else {
      const pending = this.#pending.find(({ block }) => block.number === message.block);
      if (pending === undefined) throw new Error(`block ${message.block} is not under way`);
      if (message.kind === 'scanned') {
        pending.scanned = message;
        this.#options.onCounts(message.counts);
        this.#gatherNext();
      } else {
        pending.gathered += 1;
        this.#freeGathered();
      }
    }
    this.#wake?.();
  }

  /** Of two events with the same identity the earlier in the file stands: blocks are gathered in order. */
  #gatherNext(): void {
    for (const { block, scanned } of this.#pending) {
      if (block.number < this.#toGather) continue;
      if (scanned === undefined) return;
      const { records, lines, remarks } = scanned;
      const linesBefore = this.#linesBefore;
      for (const [index, count] of records.entries()) {
        this.#send(index, { kind: 'gather', block, records: count, linesBefore });
      }
      for (const remark of remarks) {
        if (this.#remarks.length < REMARKS_SHOWN)
          this.#remarks.push({ ...remark, number: linesBefore + remark.number });
      }
      this.#linesBefore += lines;
      this.#toGather += 1;
    }
  }

  #freeGathered(): void {
    for (;;) {
      const [first] = this.#pending;
      if (first === undefined || first.gathered < this.#workers.length) return;
      this.#pending.shift();
      this.#free.push(first.block.memory);
    }
  }

  #memory(length: number): BlockMemory {
    const free = this.#free.pop();
    if (free !== undefined && free.lines.byteLength >= length) return free;
    if (free === undefined) this.#memories += 1;
    return blockMemory(Math.max(length, this.#options.blockBytes), this.#options.threads);
  }

  #send(index: number, message: ToThread): void {
    this.#workers[index]?.postMessage(message);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  async #until(holds: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      if (holds()) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
