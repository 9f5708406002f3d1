import { InvalidArgumentError } from '@commander-js/extra-typings';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A share of events or requests, as a chance from 0 to 1. */
export function readChance(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 1) {
    throw new InvalidArgumentError('Give a share from 0 to 1, as 0.05.');
  }
  return value;
}

/** A time such as 90s, 15m, 36h or 3d, in milliseconds. */
export function readDuration(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const factor = Object.entries(UNIT_MS).find(([name]) => name === unit)?.[1];
  if (count === undefined || factor === undefined) {
    throw new InvalidArgumentError('Give a time as 90s, 15m, 36h or 3d.');
  }
  return Number(count) * factor;
}
