import { isUtf8 } from 'node:buffer';
import { type ParsedEvent, parseEvent } from '@rewardbook/contracts/event';
import type { LineCode } from './refused-event.ts';

export type ReadLine = ParsedEvent | { readonly ok: false; readonly code: LineCode; readonly message: string };

/** A line of a stream as an event, whatever it is; undefined for one of white space. */
export function readLine(line: Buffer, latestMs: number): ReadLine | undefined {
  if (!isUtf8(line)) return { ok: false, code: 'bad-utf8', message: 'the line is not UTF-8' };
  const text = line.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.trim() === '' ? undefined : { ok: false, code: 'bad-json', message: 'the line is not JSON' };
  }
  return parseEvent(value, latestMs);
}
