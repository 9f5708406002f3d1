import { availableParallelism } from 'node:os';
import type { PeriodResult } from '@rewardbook/domain/result';
import { type Program, program } from '@rewardbook/simulate/program';
import { createSimulation } from '@rewardbook/simulate/simulate';
import type { SimulationOptions } from '@rewardbook/simulate/simulation';
import { lineReader } from '../events-file.ts';
import { Interrupted } from '../failure.ts';
import { openInput } from '../input.ts';
import type { Io } from '../io.ts';
import { startProgress } from '../progress.ts';
import { groupedCount } from '../table.ts';
import { lineBlocks } from './line-blocks.ts';
import { LineReport } from './line-report.ts';
import { Threads } from './threads.ts';

type ProgramOptions = Omit<SimulationOptions, 'seenAt'>;

/** How a file is simulated. */
export interface ThreadingOptions {
  readonly threads: number;
  /** Below this many bytes starting threads takes longer than they save. */
  readonly threadsFromBytes: number;
  readonly blockBytes: number;
  /** Arguments of Node for the threads; left out, those of the process. */
  readonly execArgv?: readonly string[];
}

export function usualThreading(): ThreadingOptions {
  // Each has tables of its own: more than four gain little, and take memory.
  return { threads: Math.min(availableParallelism(), 4), threadsFromBytes: 1 << 24, blockBytes: 1 << 20 };
}

/**
 * Simulates a program over a file of events (NDJSON, plain or gzip, `-` for stdin), and says on stderr what became of the lines.
 * The periods are the same, in the same order, with any number of threads.
 *
 * @throws CliFailure 2 where no line is an event, DomainError as `createSimulation`
 */
export async function* simulateEvents(
  options: ProgramOptions,
  file: string,
  io: Io,
  threading: ThreadingOptions = usualThreading(),
): AsyncGenerator<PeriodResult, void, undefined> {
  const made = program(options); // refuses what is wrong before a long file is read
  const input = await openInput(file, io);
  const progress = startProgress(io.stderr, 'events', input.size);
  const report = new LineReport(io);
  const advance = (): void => {
    progress.update(input.bytesRead(), groupedCount(report.counts.read));
    if (io.signal.aborted) throw new Interrupted();
  };
  const all = lineBlocks(input.chunks());
  let simulated: Simulated | undefined;
  try {
    try {
      const beginning = await readSome(all, threading.threads < 2 ? 0 : threading.threadsFromBytes);
      simulated =
        beginning.isAll || threading.threads < 2 ? alone(options, report) : together(made, options, report, threading);
      for (const block of beginning.blocks.splice(0)) await simulated.take(block);
      for await (const block of all) {
        await simulated.take(block);
        advance();
      }
      await simulated.end();
    } finally {
      progress.stop();
    }
    report.end(input.name);
    yield* simulated.closes();
  } finally {
    await simulated?.stop();
  }
}

/** The blocks of a stream until there are so many bytes. */
async function readSome(
  blocks: AsyncGenerator<Buffer>,
  bytes: number,
): Promise<{ readonly blocks: Buffer[]; readonly isAll: boolean }> {
  const some: Buffer[] = [];
  for (let read = 0; read < bytes; ) {
    const next = await blocks.next();
    if (next.done === true) return { blocks: some, isAll: true };
    some.push(next.value);
    read += next.value.length;
  }
  return { blocks: some, isAll: false };
}

/** A simulation that takes the lines of a file. */
interface Simulated {
  take(block: Buffer): Promise<void>;
  /** All lines are there. */
  end(): Promise<void>;
  closes(): AsyncIterable<PeriodResult> | Iterable<PeriodResult>;
  stop(): Promise<void>;
}

function alone(options: ProgramOptions, report: LineReport): Simulated {
  const simulation = createSimulation(options);
  const read = lineReader(simulation, report);
  return {
    take: async (block) => read(block),
    end: async () => undefined,
    closes: () => simulation.closes(),
    stop: async () => undefined,
  };
}

function together(
  { closes }: Program,
  options: ProgramOptions,
  report: LineReport,
  threading: ThreadingOptions,
): Simulated {
  const threads = new Threads({ ...threading, program: options, onCounts: (counts) => report.addAll(counts) });
  return {
    take: (block) => threads.add(block),
    end: async () => {
      for (const remark of await threads.accept()) report.remark(remark);
    },
    async *closes() {
      for (const { question, finish } of closes()) yield finish(await threads.ask(question));
    },
    stop: () => threads.stop(),
  };
}
