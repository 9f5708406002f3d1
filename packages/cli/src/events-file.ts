import { parseEvent } from '@rewardbook/contracts/event';
import type { EngagementEvent } from '@rewardbook/domain/event';
import type { Acceptance } from '@rewardbook/simulate/accepted-events';
import { Interrupted, wrongInput } from './failure.ts';
import { openInput } from './input.ts';
import type { Io } from './io.ts';
import { type Line, readLines } from './lines.ts';
import { startProgress } from './progress.ts';
import { groupedCount } from './table.ts';

const REFUSED_SHOWN = 10;

// As the ingest service reads: bytes that are not UTF-8 are refused, not replaced.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Takes an event, and says what it was. */
type Add = (event: EngagementEvent) => Acceptance;

/** What became of the lines of an events file. */
interface LineCounts {
  read: number;
  accepted: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
}

/** Reads events (NDJSON, plain or gzip, `-` for stdin) and says on stderr what became of the lines. @throws CliFailure 2 where none is an event */
export async function readEvents(add: Add, file: string, io: Io): Promise<void> {
  const input = await openInput(file, io);
  const counts: LineCounts = { read: 0, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 };
  const progress = startProgress(io.stderr, 'events', input.size);
  try {
    for await (const line of readLines(input.chunks())) {
      addLine(add, line, counts, io);
      if (counts.read % 10_000 === 0) progress.update(input.bytesRead(), groupedCount(counts.read));
      if (io.signal.aborted) throw new Interrupted();
    }
  } finally {
    progress.stop();
  }
  const { read, accepted, duplicates, conflicts, rejected } = counts;
  io.stderr.write(
    `${groupedCount(read)} events: ${groupedCount(accepted)} accepted, ${groupedCount(duplicates)} duplicates, ` +
      `${groupedCount(conflicts)} conflicts, ${groupedCount(rejected)} rejected\n`,
  );
  if (rejected > 0 && rejected === read) throw wrongInput(`No line of ${input.name} is an event`);
}

function addLine(add: Add, { bytes, number }: Line, counts: LineCounts, io: Io): void {
  counts.read += 1;
  const parsed = parseLine(bytes);
  if (!parsed.ok) {
    counts.rejected += 1;
    if (counts.rejected <= REFUSED_SHOWN) io.stderr.write(`line ${number}: ${parsed.code}: ${parsed.message}\n`);
    return;
  }
  switch (add(parsed.event)) {
    case 'accepted':
      counts.accepted += 1;
      return;
    case 'duplicate':
      counts.duplicates += 1;
      return;
    case 'conflict':
      counts.conflicts += 1;
      if (counts.conflicts > REFUSED_SHOWN) return;
      io.stderr.write(`line ${number}: conflict: this event was given before with other contents; the first stands\n`);
  }
}

function parseLine(bytes: Buffer) {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    return { ok: false as const, code: 'malformed-json', message: 'this line is not JSON in UTF-8' };
  }
  return parseEvent(value);
}
