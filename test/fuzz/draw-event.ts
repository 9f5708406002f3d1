import type { Draw } from './draw.ts';
import { hostileText, hostileValue } from './hostile.ts';

const TIMES = [
  '2024-05-01T12:00:00Z',
  '2024-05-01t12:00:00.1234567z',
  '2024-02-29T23:59:59.999+14:00',
  '2023-02-29T00:00:00Z',
  '2024-05-01T24:00:00Z',
  '2024-05-01T12:00:60Z',
  '2024-05-01T12:00:00',
  '2024-05-01 12:00:00Z',
  '2024-05-01T12:00Z',
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59Z',
  '2026-01-01T00:04:59Z',
  '2026-01-01T00:05:00.000Z',
  '2026-01-01T00:05:00.001Z',
  '2025-12-31T23:00:00-01:06',
  '2024-05-01T12:00:00+23:59',
  '2024-05-01T12:00:00+24:00',
  '2024-05-01T12:00:00−01:00',
] as const;

/** A line that is an event, or one but for something. */
export function drawLine(draw: Draw, number: number): string {
  const id = (): unknown => (draw.onceIn(12) ? hostileValue(draw) : `n${draw.below(50)}`);
  const type = draw.oneOf(['like', 'unlike', 'follow', 'unfollow']);
  const fields = new Map<string, unknown>([
    ['id', draw.onceIn(12) ? hostileValue(draw) : `e${number}`],
    ['type', draw.onceIn(20) ? hostileValue(draw) : type],
    ['viewerId', id()],
    ['creatorId', id()],
    ['occurredAt', draw.onceIn(20) ? hostileValue(draw) : draw.oneOf(TIMES)],
  ]);
  if (type.endsWith('like') !== draw.onceIn(20)) {
    fields.set('contentId', id());
  }
  if (draw.onceIn(4)) {
    fields.set('source', id());
  }
  if (draw.onceIn(20)) {
    fields.set(hostileText(draw), hostileValue(draw));
  }
  if (draw.onceIn(20)) {
    fields.delete(draw.oneOf(['id', 'type', 'viewerId', 'creatorId', 'occurredAt', 'contentId']));
  }
  const entries = [...fields].sort(() => (draw.onceIn(2) ? 1 : -1));
  const text = draw.onceIn(3) ? spaced(draw, entries) : `{${entries.map(pair).join(',')}}`;
  if (draw.onceIn(30)) {
    return text.slice(0, draw.below(text.length));
  }
  return draw.onceIn(40) ? `${text}${' '.repeat(draw.oneOf([1, 100, 17_000]))}` : text;
}

// Made by hand: a key `__proto__` has to get into the text.
const pair = ([key, value]: [string, unknown]): string => `${JSON.stringify(key)}:${JSON.stringify(value)}`;

function spaced(draw: Draw, entries: [string, unknown][]): string {
  const gap = (): string => draw.oneOf(['', ' ', '\t', '  ']);
  return `${gap()}{${entries.map((entry) => `${gap()}${pair(entry)}${gap()}`).join(',')}}${gap()}`;
}
