import { JSON_FAULTS, readJsonLine } from '../values/json-text.ts';
import { type ParsedEvent, parseEvent } from './event.ts';
import { MAX_EVENT_LINE_BYTES } from './event-lines.ts';

/** Codes of lines that are refused before they are parsed as events; `parseEvent` has the others. */
export const LINE_CODES = [...JSON_FAULTS, 'line-too-long'] as const;

/** Why a line is not an event. */
export interface LineRefusal {
  readonly ok: false;
  readonly code: (typeof LINE_CODES)[number];
  readonly message: string;
}

export const LONG_LINE: LineRefusal = {
  ok: false,
  code: 'line-too-long',
  message: `the line is longer than ${MAX_EVENT_LINE_BYTES} bytes`,
};

/**
 * A line of NDJSON as an event, however it is written. What the usual clients write, `EventScanner` reads faster.
 *
 * @param latestMs as for `parseEvent`
 */
export function readEventLine(line: Uint8Array, latestMs?: number): ParsedEvent | LineRefusal {
  const read = readJsonLine(line);
  return read.ok ? parseEvent(read.value, latestMs) : read;
}
