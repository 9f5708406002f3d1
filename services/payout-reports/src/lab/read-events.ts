import { createReadStream } from 'node:fs';
import { parseEvent } from '@rewardbook/contracts/event';
import { EventScanner } from '@rewardbook/contracts/event-scanner';
import { AcceptedEvents } from '@rewardbook/simulate/accepted-events';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { recordedEvents } from '../store/recorded-events.ts';
import { type EventSource, type Progress, Unanswerable } from './work.ts';

const NEWLINE = 0x0a;
const EVENTS_A_WORD = 50_000;
const MAX_LINE_BYTES = 1 << 20;
// As ingest reads: bytes that are not UTF-8 are refused, not replaced.
const utf8 = new TextDecoder('utf-8', { fatal: true });

interface Reading {
  readonly maxEvents: number;
  readonly tell: (progress: Progress) => void;
}

/** The accepted events of a source. Throws Unanswerable where there are too many, or none. */
export async function readEvents(source: EventSource, { maxEvents, tell }: Reading): Promise<AcceptedEvents> {
  const events = new AcceptedEvents();
  const total = source.kind === 'scenario' ? source.scenario.events : null;
  let read = 0;
  const count = (): void => {
    read += 1;
    if (read % EVENTS_A_WORD === 0) tell({ phase: 'events', done: read, total });
    if (events.size > maxEvents) {
      throw new Unanswerable('too-many-events', `There are more than ${maxEvents} events; ask about fewer`);
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
      for await (const event of recordedEvents(source.database, source.programId, source.lastBatch, source.bounds)) {
        events.add(event);
        count();
      }
  }
  if (events.size === 0) throw new Unanswerable('no-events', 'There is not a single event; is it NDJSON?');
  return events;
}

/** Lines that are no event are left out, as ingest leaves them out. */
async function readFile(path: string, events: AcceptedEvents, count: () => void): Promise<void> {
  const scanner = new EventScanner();
  const line = (bytes: Buffer, from: number, end: number): void => {
    if (scanner.scan(bytes, from, end, Number.POSITIVE_INFINITY)) {
      events.addBytes(bytes, scanner);
    } else {
      const parsed = parseLine(bytes.subarray(from, end));
      if (parsed?.ok) events.add(parsed.event);
    }
    count();
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      line(bytes, from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > MAX_LINE_BYTES)
      throw new Unanswerable('no-events', 'A line is longer than 1 MB: this is no NDJSON');
  }
  if (rest.length > 0) line(rest, 0, rest.length);
}

function parseLine(bytes: Buffer) {
  try {
    return parseEvent(JSON.parse(utf8.decode(bytes)));
  } catch {
    return undefined;
  }
}
