import { type ParsedEvent, parseEvent } from '@rewardbook/contracts/event';
import type { LineCode } from './refused-event.ts';
import { isPlain, scanEvent } from './scan-event.ts';

export type ReadLine = ParsedEvent | { readonly ok: false; readonly code: LineCode; readonly message: string };

/**
 * A line of a stream as an event.
 *
 * @param block the text that the line is a part of, from `from` to `end`
 * @param blockIsPlain what `isPlain` says of the block
 * @param latestMs as for parseEvent
 */
export function readLine(block: string, from: number, end: number, blockIsPlain: boolean, latestMs: number): ReadLine {
  if (blockIsPlain) {
    const event = scanEvent(block, from, end, latestMs);
    if (event !== undefined) return { ok: true, event };
  }
  const line = block.slice(from, end);
  if (!blockIsPlain && isPlain(line)) {
    const event = scanEvent(line, 0, line.length, latestMs);
    if (event !== undefined) return { ok: true, event };
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, code: 'bad-json', message: 'the line is not JSON' };
  }
  return parseEvent(value, latestMs);
}
