import { readJson } from '@rewardbook/contracts/values/json-text';
import { parseInstant } from '@rewardbook/domain/values/instant';
import type { Line } from './lines.ts';

/** When a line is due, in milliseconds after the start; lines of one tick go out together. */
export type Pace = (line: Line, index: number) => number;

const TICK_MS = 50;

/** As fast as possible. */
export const unpaced: Pace = () => 0;

/** @param perSecond lines a second */
export function steady(perSecond: number): Pace {
  return (_, index) => toTick((index / perSecond) * 1000);
}

/**
 * As the events happened, `factor` times as fast; the first event is due at once. A line whose time cannot be read is
 * sent with the one before it: the server says what is wrong with it.
 */
export function asRecorded(factor: number): Pace {
  let first: number | undefined;
  let due = 0;
  return (line) => {
    const instant = instantOf(line);
    if (instant === undefined) {
      return due;
    }
    first ??= instant;
    // Files may have events a little out of order; those do not wait.
    due = Math.max(due, toTick((instant - first) / factor));
    return due;
  };
}

function toTick(ms: number): number {
  return Math.ceil(ms / TICK_MS) * TICK_MS;
}

/** When the event on a line happened; undefined if the line has no readable time. */
export function instantOf({ bytes }: Line): number | undefined {
  const read = readJson(bytes, 'the line');
  if (!read.ok || !(read.value instanceof Object && 'occurredAt' in read.value)) {
    return undefined;
  }
  const { occurredAt } = read.value;
  return typeof occurredAt === 'string' ? parseInstant(occurredAt) : undefined;
}
