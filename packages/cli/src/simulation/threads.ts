import { Worker } from 'node:worker_threads';
import { LONG_LINE_HEAD_BYTES } from '@rewardbook/contracts/events/event-lines';
import type { CloseQuestion } from '@rewardbook/simulate/closes/plan-simulation';
import type { ShardAnswer } from '@rewardbook/simulate/closes/shard';
import { type BlockMemory, blockMemory } from './event-records.ts';
import { type LineCounts, type LineRemark, REMARKS_SHOWN } from './line-report.ts';
import type { Block, FromThread, ThreadData, ToThread } from './messages.ts';

const NEWLINE = 0x0a;

/** Blocks that are read ahead, for each thread: one that it reads, one that waits, one that is filled. */
const BLOCKS_PER_THREAD = 3;

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

interface Pending {
  readonly block: Block;
  scanned: Extract<FromThread, { kind: 'scanned' }> | undefined;
  /** How many threads have their events. */
  gathered: number;
}

/**
 * Threads that simulate a program together. They are not a pool of `piscina`, which the lab of payout-reports has: each thread is a place
 * (its viewers, and what it remembers of them from close to close), and a pool gives a task to any thread; and a block of a megabyte is
 * handed on by a message of its position, where a task costs a promise, a signal and an answer. Each has a share of the viewers, by a hash, and gathers their events in the order of the
 * file; the lines are read by all in turn, block by block, and go to those who have their viewers as positions in shared memory.
 */
export class Threads {
  readonly #options: ThreadsOptions;
  readonly #workers: Worker[];
  readonly #free: BlockMemory[] = [];
  #memories = 0;
  #pending: Pending[] = []; // in order
  #blocks = 0;
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

  /**
   * Hands all lines of a file to the threads, a block at a time, and does not read on while they have enough. Of a line that is longer
   * than any event the beginning stays, so that blocks do not grow.
   *
   * @param read fills memory, and gives how many bytes it read, 0 at the end
   */
  async readAll(read: (target: Uint8Array) => Promise<number>): Promise<void> {
    let memory = await this.#memory(0);
    let bytes = Buffer.from(memory.lines);
    let filled = 0;
    for (;;) {
      const count = await read(bytes.subarray(filled));
      const isEnd = count === 0;
      filled += count;
      if (!isEnd && filled < bytes.length) {
        continue;
      }
      // The last line of the file may lack its end.
      const size = isEnd ? filled : bytes.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (isEnd && size === 0) {
        return;
      }
      if (size === 0 && filled > LONG_LINE_HEAD_BYTES) {
        filled = LONG_LINE_HEAD_BYTES;
        continue;
      }
      const rest = bytes.subarray(size, Math.min(filled, size + LONG_LINE_HEAD_BYTES));
      const next = isEnd ? undefined : await this.#memory(2 * rest.length);
      if (next !== undefined) {
        bytes = Buffer.from(next.lines);
        bytes.set(rest);
      }
      filled = rest.length;
      if (size > 0) {
        this.#scan(memory, size);
      } else {
        this.#free.push(memory); // too small for a line
      }
      if (next === undefined) {
        return;
      }
      memory = next;
    }
  }

  /** All lines are there: waits until it is known which events are accepted. Returns remarks on the first bad lines. */
  async accept(): Promise<readonly LineRemark[]> {
    await this.#until(() => this.#pending.length === 0);
    this.#accepting = this.#workers.length;
    for (const index of this.#workers.keys()) {
      this.#send(index, { kind: 'accept' });
    }
    await this.#until(() => this.#accepting === 0);
    return this.#remarks.sort((a, b) => a.number - b.number);
  }

  /** Asks all threads about a close. */
  async ask(question: CloseQuestion): Promise<ShardAnswer[]> {
    this.#answers = this.#workers.map(() => undefined);
    for (const index of this.#workers.keys()) {
      this.#send(index, { kind: 'close', question });
    }
    const answers = (): ShardAnswer[] => this.#answers.filter((answer) => answer !== undefined);
    await this.#until(() => answers().length === this.#workers.length);
    return answers();
  }

  async stop(): Promise<void> {
    this.#failure ??= { error: new Error('the simulation has ended') };
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #scan(memory: BlockMemory, size: number): void {
    const block: Block = { number: this.#blocks, memory, size };
    this.#pending.push({ block, scanned: undefined, gathered: 0 });
    this.#send(this.#blocks % this.#workers.length, { kind: 'scan', block });
    this.#blocks += 1;
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
      if (pending === undefined) {
        throw new Error(`block ${message.block} is not under way`);
      }
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

  /** Of two events with the same identity the earlier in the file counts: blocks are gathered in order. */
  #gatherNext(): void {
    for (const { block, scanned } of this.#pending) {
      if (block.number < this.#toGather) {
        continue;
      }
      if (scanned === undefined) {
        return;
      }
      const { records, lines, remarks } = scanned;
      const linesBefore = this.#linesBefore;
      for (const [index, count] of records.entries()) {
        this.#send(index, { kind: 'gather', block, records: count, linesBefore });
      }
      for (const remark of remarks) {
        if (this.#remarks.length < REMARKS_SHOWN) {
          this.#remarks.push({ ...remark, number: linesBefore + remark.number });
        }
      }
      this.#linesBefore += lines;
      this.#toGather += 1;
    }
  }

  #freeGathered(): void {
    for (;;) {
      const [first] = this.#pending;
      if (first === undefined || first.gathered < this.#workers.length) {
        return;
      }
      this.#pending.shift();
      this.#free.push(first.block.memory);
    }
  }

  /** Memory for at least this many bytes; waits until a block is done with its own. */
  async #memory(bytes: number): Promise<BlockMemory> {
    await this.#until(() => this.#free.length > 0 || this.#memories < BLOCKS_PER_THREAD * this.#options.threads);
    const free = this.#free.pop();
    if (free === undefined) {
      this.#memories += 1;
    }
    if (free !== undefined && free.lines.byteLength >= bytes) {
      return free;
    }
    return blockMemory(Math.max(bytes, this.#options.blockBytes), this.#options.threads);
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
      if (this.#failure) {
        throw this.#failure.error;
      }
      if (holds()) {
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
