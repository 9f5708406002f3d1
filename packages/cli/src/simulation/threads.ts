import { Worker } from 'node:worker_threads';
import type { CloseQuestion } from '@rewardbook/simulate/program';
import type { ShardAnswer } from '@rewardbook/simulate/shard';
import type { EventRecords } from './event-records.ts';
import type { LineCounts, LineRemark } from './line-report.ts';
import type { Block, FromThread, ThreadData, ToThread } from './messages.ts';

/** Blocks that are read ahead, for each thread: one that it reads, one that waits. */
const BLOCKS_A_THREAD = 3;

export interface ThreadsOptions {
  readonly threads: number;
  /** About how many events the file has; 0 where nobody knows. */
  readonly expected: number;
  /** Bytes of a block, unless a line is longer. */
  readonly blockBytes: number;
  readonly program: ThreadData['program'];
  /** Of the file, one block after the other. */
  readonly onBlock: (counts: readonly LineCounts[], remarks: readonly LineRemark[]) => void;
  /** Arguments of Node for the threads; left out, those of the process. */
  readonly execArgv?: readonly string[] | undefined;
}

// What they hold lies in typed arrays, outside of the heap.
const YOUNG_MIB = 12;

const NOTHING = new Uint8Array(new SharedArrayBuffer(0));

interface Pending {
  readonly block: Block;
  scanned: Extract<FromThread, { kind: 'scanned' }> | undefined;
  readonly taken: Extract<FromThread, { kind: 'taken' }>[];
}

/**
 * Threads that simulate a program together. Each has a share of the viewers, by a hash, and takes their events in the order of the
 * file; the lines are read by all in turn, block by block, and go to those who have their viewers as positions in shared memory.
 */
export class Threads {
  readonly #options: ThreadsOptions;
  readonly #workers: Worker[];
  readonly #free: SharedArrayBuffer[] = [];
  #buffers = 0;
  #pending: Pending[] = []; // in order
  #blocks = 0;
  #filling = NOTHING;
  #filled = 0;
  #toTake = 0;
  #linesBefore = 0;
  #answers: (ShardAnswer | undefined)[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    const data: ThreadData = { threads: options.threads, expected: options.expected, program: options.program };
    this.#workers = Array.from({ length: options.threads }, (_, index) => {
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
    if (this.#filled + lines.length > this.#filling.length) {
      this.#scan();
      await this.#until(() => this.#free.length > 0 || this.#buffers < BLOCKS_A_THREAD * this.#options.threads);
      this.#filling = this.#buffer(lines.length);
    }
    this.#filling.set(lines, this.#filled);
    this.#filled += lines.length;
  }

  /** Waits until all lines are taken. */
  async allTaken(): Promise<void> {
    this.#scan();
    await this.#until(() => this.#pending.length === 0);
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
    const block: Block = { number: this.#blocks, bytes: this.#filling.subarray(0, this.#filled) };
    this.#pending.push({ block, scanned: undefined, taken: [] });
    this.#send(this.#blocks % this.#workers.length, { kind: 'scan', block });
    this.#blocks += 1;
    this.#filling = NOTHING;
    this.#filled = 0;
  }

  #receive(index: number, message: FromThread): void {
    if (message.kind === 'answer') {
      this.#answers[index] = message.answer;
    } else {
      const pending = this.#pending.find(({ block }) => block.number === message.block);
      if (pending === undefined) throw new Error(`block ${message.block} is not under way`);
      if (message.kind === 'scanned') {
        pending.scanned = message;
        this.#takeNext();
      } else {
        pending.taken.push(message);
        this.#reportTaken();
      }
    }
    this.#wake?.();
  }

  /** Of two events with the same identity the earlier in the file stands: blocks are taken in order. */
  #takeNext(): void {
    for (const { block, scanned } of this.#pending) {
      if (block.number < this.#toTake) continue;
      if (scanned === undefined) return;
      for (const [index, records] of scanned.records.entries()) this.#take(index, block, records);
      this.#toTake += 1;
    }
  }

  #take(index: number, block: Block, records: EventRecords): void {
    this.#send(index, { kind: 'take', block, records });
  }

  #reportTaken(): void {
    for (;;) {
      const [first] = this.#pending;
      if (first?.scanned === undefined || first.taken.length < this.#workers.length) return;
      this.#pending.shift();
      this.#free.push(first.block.bytes.buffer);
      const parts = [first.scanned, ...first.taken];
      const remarks = parts.flatMap((part) => part.remarks).sort((a, b) => a.number - b.number);
      const numbered = remarks.map((remark) => ({ ...remark, number: this.#linesBefore + remark.number }));
      this.#options.onBlock(
        parts.map(({ counts }) => counts),
        numbered,
      );
      this.#linesBefore += first.scanned.lines;
    }
  }

  #buffer(length: number): Uint8Array<SharedArrayBuffer> {
    const free = this.#free.pop();
    if (free !== undefined && free.byteLength >= length) return new Uint8Array(free);
    if (free === undefined) this.#buffers += 1;
    return new Uint8Array(new SharedArrayBuffer(Math.max(length, this.#options.blockBytes)));
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
