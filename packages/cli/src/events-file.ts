import { EventScanner } from '@rewardbook/contracts/event-scanner';
import type { EngagementEvent } from '@rewardbook/domain/event';
import type { Acceptance, EventPositions } from '@rewardbook/simulate/accepted-events';
import { Interrupted } from './failure.ts';
import { openInput } from './input.ts';
import type { Io } from './io.ts';
import { startProgress } from './progress.ts';
import { eachLine, lineBlocks } from './simulation/line-blocks.ts';
import { conflictRemark, LineReport } from './simulation/line-report.ts';
import { parseLine } from './simulation/parse-line.ts';
import { groupedCount } from './table.ts';

/** Takes events, and says what each was. */
export interface EventTaker {
  add(event: EngagementEvent): Acceptance;
  /** An event as it lies in bytes; left out, all come as objects. */
  addBytes?(bytes: Uint8Array, at: EventPositions): Acceptance;
}

/** Reads events (NDJSON, plain or gzip, `-` for stdin) and says on stderr what became of the lines. @throws CliFailure 2 where none is an event */
export async function readEvents(taker: EventTaker, file: string, io: Io): Promise<void> {
  const input = await openInput(file, io);
  const progress = startProgress(io.stderr, 'events', input.size);
  const report = new LineReport(io);
  const lines = lineReader(taker, report);
  try {
    for await (const block of lineBlocks(input.chunks())) {
      lines(block);
      progress.update(input.bytesRead(), groupedCount(report.counts.read));
      if (io.signal.aborted) throw new Interrupted();
    }
  } finally {
    progress.stop();
  }
  report.end(input.name);
}

/** Gives the events of blocks, which come in order, to a taker. */
export function lineReader(taker: EventTaker, report: LineReport): (block: Buffer) => void {
  const scanner = new EventScanner();
  const addScanned = (block: Buffer): Acceptance =>
    taker.addBytes === undefined ? taker.add(scanner.event(block)) : taker.addBytes(block, scanner);
  let before = 0;
  return (block) => {
    before += eachLine(block, (from, end, number) => {
      let acceptance: Acceptance;
      if (scanner.scan(block, from, end, Number.POSITIVE_INFINITY)) {
        acceptance = addScanned(block);
      } else {
        const parsed = parseLine(block.subarray(from, end));
        if (!parsed.ok) {
          report.add('rejected');
          report.remark({ number: before + number, kind: 'rejected', text: `${parsed.code}: ${parsed.message}` });
          return;
        }
        acceptance = taker.add(parsed.event);
      }
      report.add(acceptance);
      if (acceptance === 'conflict') report.remark(conflictRemark(before + number));
    });
  };
}
