import { type ParsedEvent, parseEvent } from '@rewardbook/contracts/event';
import type { LineCode } from './refused-event.ts';

export type ReadLine = ParsedEvent | { readonly ok: false; readonly code: LineCode; readonly message: string };

/** One line of a stream as an event. */
export function readLine(text: string, latestMs: number): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, code: 'bad-json', message: 'the line is not JSON' };
  }
  return parseEvent(value, latestMs);
}
