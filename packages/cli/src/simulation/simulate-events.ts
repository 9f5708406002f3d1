import { availableParallelism } from 'node:os';
import { LineSplitter } from '@rewardbook/contracts/events/event-lines';
import type { PeriodResult } from '@rewardbook/domain/close/result';
import { periodResult } from '@rewardbook/simulate/closes/period-result';
import { planSimulation, type SimulationPlan } from '@rewardbook/simulate/closes/plan-simulation';
import { createSimulation } from '@rewardbook/simulate/closes/simulate';
import type { SimulationOptions } from '@rewardbook/simulate/closes/simulation';
import { type EventsOptions, openEvents } from '../files/events-input.ts';
import { type Input, type Reader, readerOf } from '../files/input.ts';
import { Interrupted } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { startProgress } from '../terminal/progress.ts';
import { groupedCount } from '../terminal/table.ts';
import { lineTaker } from './events-file.ts';
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

function usualThreading(): ThreadingOptions {
  // Each has its own tables: more than four gain little, and take memory.
  return { threads: Math.min(availableParallelism(), 4), threadsFromBytes: 1 << 24, blockBytes: 1 << 20 };
}

/**
 * Simulates a program over a file of events (as `openEvents` opens it), and says on stderr what became of the lines.
 * The periods are the same, in the same order, with any number of threads.
 *
 * @throws CliFailure 2 where no line is an event, DomainError as `createSimulation`
 */
export async function* simulateEvents(
  options: ProgramOptions,
  file: string,
  io: Io,
  threading: ThreadingOptions = usualThreading(),
  events: EventsOptions = {},
): AsyncGenerator<PeriodResult, void, undefined> {
  const made = planSimulation(options); // refuses what is wrong before a long file is read
  const input = await openEvents(file, io, events);
  const progress = startProgress(io.stderr, 'events', input.size);
  const report = new LineReport(io, input);
  const advance = (): void => {
    progress.update(input.bytesRead(), groupedCount(report.counts.read));
    if (io.signal.aborted) {
      throw new Interrupted();
    }
  };
  let simulated: Simulated | undefined;
  try {
    try {
      const contents = await contentsOf(input, threading);
      simulated =
        'reader' in contents
          ? together(made, options, report, { ...threading, reader: contents.reader })
          : alone(options, report, contents.chunks);
      await simulated.takeAll(advance);
    } finally {
      progress.stop();
    }
    report.end(input.name);
    yield* simulated.closes();
  } finally {
    await simulated?.stop();
  }
}

/** The contents of a file: with a reader where threads are worth it. */
async function contentsOf(
  input: Input,
  { threads, threadsFromBytes }: ThreadingOptions,
): Promise<{ readonly chunks: AsyncIterable<Buffer> } | { readonly reader: Reader }> {
  if (threads < 2) {
    return { chunks: input.chunks() };
  }
  const direct = (input.size ?? 0) < threadsFromBytes ? undefined : await input.direct();
  if (direct !== undefined) {
    return { reader: direct };
  }
  const rest = input.chunks();
  const beginning: Buffer[] = [];
  const all = async function* (): AsyncGenerator<Buffer> {
    yield* beginning.splice(0);
    yield* rest;
  };
  for (let read = 0; read < threadsFromBytes; ) {
    const next = await rest.next();
    if (next.done === true) {
      return { chunks: all() };
    }
    beginning.push(next.value);
    read += next.value.length;
  }
  return { reader: readerOf(all()) };
}

/** A simulation that takes the lines of a file. */
interface Simulated {
  /** @param advance to be called now and then */
  takeAll(advance: () => void): Promise<void>;
  closes(): AsyncIterable<PeriodResult> | Iterable<PeriodResult>;
  stop(): Promise<void>;
}

function alone(options: ProgramOptions, report: LineReport, chunks: AsyncIterable<Buffer>): Simulated {
  const simulation = createSimulation(options);
  const lines = new LineSplitter(lineTaker(simulation, report));
  return {
    async takeAll(advance) {
      for await (const chunk of chunks) {
        lines.push(chunk);
        advance();
      }
      lines.end();
    },
    closes: () => simulation.closes(),
    stop: async () => undefined,
  };
}

function together(
  { closes }: SimulationPlan,
  options: ProgramOptions,
  report: LineReport,
  { reader, ...threading }: ThreadingOptions & { readonly reader: Reader },
): Simulated {
  const threads = new Threads({ ...threading, program: options, onCounts: (counts) => report.addAll(counts) });
  return {
    async takeAll(advance) {
      try {
        await threads.readAll((target) => {
          advance();
          return reader.read(target);
        });
      } finally {
        await reader.close();
      }
      for (const remark of await threads.accept()) {
        report.remark(remark);
      }
    },
    async *closes() {
      for (const { question, finish } of closes()) {
        const closed = finish(await threads.ask(question));
        if (closed !== undefined) {
          yield periodResult(closed);
        }
      }
    },
    stop: () => threads.stop(),
  };
}
