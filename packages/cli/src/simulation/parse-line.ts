import { type ParsedEvent, parseEvent } from '@rewardbook/contracts/event';

// As the ingest service reads: bytes that are not UTF-8 are refused, not replaced.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Why a line is no event. */
export interface RefusedLine {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}

/** A line as an event, however it is written. */
export function parseLine(line: Uint8Array): Extract<ParsedEvent, { ok: true }> | RefusedLine {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(line));
  } catch {
    return { ok: false, code: 'malformed-json', message: 'this line is not JSON in UTF-8' };
  }
  return parseEvent(value);
}
