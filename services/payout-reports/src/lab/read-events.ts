import { createReadStream } from 'node:fs';
import { readEventLine } from '@rewardbook/contracts/events/event-line';
import { LineSplitter } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { UnanswerableError } from '@rewardbook/lab/answer/unanswerable-error';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { recordedEvents } from './recorded-events-sql.ts';
import type { EventSource, JobProgress } from './work.ts';

const EVENTS_PER_PROGRESS = 50_000;

interface Reading {
  readonly maxEvents: number;
  readonly tell: (progress: JobProgress) => void;
}

/** The accepted events of a source. @throws UnanswerableError where there are too many, or none; a program may have none yet */
export async function readEvents(source: EventSource, { maxEvents, tell }: Reading): Promise<AcceptedEvents> {
  let seenAt = 1;
  const isSeen = source.kind === 'recorded' && source.closed.length > 0;
  const events = new AcceptedEvents(isSeen ? () => seenAt : undefined);
  const total = source.kind === 'scenario' ? source.scenario.events : null;
  let read = 0;
  const count = (): void => {
    read += 1;
    if (read % EVENTS_PER_PROGRESS === 0) {
      tell({ phase: 'events', done: read, total });
    }
    if (events.size > maxEvents) {
      throw new UnanswerableError('too-many-events', `There are more than ${maxEvents} events; ask about fewer`);
    }
  };
  switch (source.kind) {
    case 'none':
      return events;
    case 'file':
      await readFile(source.path, events, count);
      break;
    case 'scenario':
      for (const event of generateEvents(source.scenario)) {
        events.add(event);
        count();
      }
      break;
    case 'recorded':
      for await (const recorded of recordedEvents(source.database, source)) {
        seenAt = recorded.seenAt;
        events.add(recorded.event);
        count();
      }
      return events;
  }
  if (events.size === 0) {
    throw new UnanswerableError('no-events', 'There is not a single event; is it NDJSON?');
  }
  return events;
}

/** Lines that are not events are left out, as ingest leaves them out. */
async function readFile(path: string, events: AcceptedEvents, count: () => void): Promise<void> {
  const scanner = new EventScanner();
  const lines = new LineSplitter({
    line(block, from, end) {
      if (scanner.scan(block, from, end, Number.POSITIVE_INFINITY)) {
        events.addBytes(block, scanner);
      } else {
        const read = readEventLine(block.subarray(from, end));
        if (read.ok) {
          events.add(read.event);
        }
      }
      count();
    },
    longLine: count,
  });
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    lines.push(chunk);
  }
  lines.end();
}
