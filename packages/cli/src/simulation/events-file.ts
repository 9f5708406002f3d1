import { LONG_LINE, readEventLine } from '@rewardbook/contracts/events/event-line';
import { LineSplitter, type LineTaker } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Acceptance, EventPositions } from '@rewardbook/simulate/events/accepted-events';
import { type EventsOptions, openEvents } from '../files/events-input.ts';
import { Interrupted } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { startProgress } from '../terminal/progress.ts';
import { groupedCount } from '../terminal/table.ts';
import { conflictRemark, LineReport, rejectionRemark } from './line-report.ts';

/** Takes events, and says what each was. */
export interface EventTaker {
  add(event: EngagementEvent): Acceptance;
  /** An event as it lies in bytes; left out, all come as objects. */
  addBytes?(bytes: Uint8Array, at: EventPositions): Acceptance;
}

/** Reads events (as `openEvents` opens them) and reports the lines on stderr. @throws CliFailure 2 where none is an event */
export async function readEvents(taker: EventTaker, file: string, io: Io, options: EventsOptions = {}): Promise<void> {
  const input = await openEvents(file, io, options);
  const progress = startProgress(io.stderr, 'events', input.size);
  const report = new LineReport(io, input);
  const lines = new LineSplitter(lineTaker(taker, report));
  try {
    for await (const chunk of input.chunks()) {
      lines.push(chunk);
      progress.update(input.bytesRead(), groupedCount(report.counts.read));
      if (io.signal.aborted) {
        throw new Interrupted();
      }
    }
    lines.end();
  } finally {
    progress.stop();
  }
  report.end(input.name);
}

/** Gives the events of lines to a taker. */
export function lineTaker(taker: EventTaker, report: LineReport): LineTaker {
  const scanner = new EventScanner();
  const addScanned = (block: Uint8Array): Acceptance =>
    taker.addBytes === undefined ? taker.add(scanner.event(block)) : taker.addBytes(block, scanner);
  const reject = (number: number, why: { readonly code: string; readonly message: string }): void => {
    report.add('rejected');
    report.remark(rejectionRemark(number, why));
  };
  return {
    line(block, from, end, number) {
      let acceptance: Acceptance;
      if (scanner.scan(block, from, end, Number.POSITIVE_INFINITY)) {
        acceptance = addScanned(block);
      } else {
        const read = readEventLine(block.subarray(from, end));
        if (!read.ok) {
          return reject(number, read);
        }
        acceptance = taker.add(read.event);
      }
      report.add(acceptance);
      if (acceptance === 'conflict') {
        report.remark(conflictRemark(number));
      }
    },
    longLine: (_head, number) => reject(number, LONG_LINE),
  };
}
