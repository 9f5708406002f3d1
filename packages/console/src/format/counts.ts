import { groupDigits } from './decimal-text.ts';

/** A count with its digits in groups: 240000 is "240,000". */
export function groupCount(count: number): string {
  return groupDigits(String(count));
}

/** A count with its noun: "1 payout", "2,414 payouts". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${groupCount(count)} ${count === 1 ? one : many}`;
}
