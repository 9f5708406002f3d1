import { DomainError } from '../values/error.ts';
import { compareUtf8 } from '../values/utf8-order.ts';
import { partsOf, splittingOf } from './split-amount.ts';

/** A creator's allocation, as proven. */
export interface ProofRow {
  readonly creatorId: string;
  /** Plain decimal. */
  readonly points: string;
  /** Minor units, zero or more. */
  readonly amount: bigint;
}

/** The rows of a tree by column; a creator's place in them is its owner number. */
export interface RowColumns {
  readonly creatorIds: string[];
  readonly points: string[];
  readonly amounts: bigint[];
  readonly total: bigint;
}

export const ROWS_PER_STEP = 4096;

/** Collects rows, in steps. @throws DomainError `bad-close` where an amount is negative or creators are out of order */
export function* columnsOf(rows: Iterable<ProofRow>): Generator<void, RowColumns, undefined> {
  const columns = { creatorIds: [] as string[], points: [] as string[], amounts: [] as bigint[], total: 0n };
  let previous: string | undefined;
  for (const { creatorId, points, amount } of rows) {
    if (amount < 0n) {
      throw new DomainError('bad-close', `The amount of "${creatorId}" is negative`);
    }
    if (previous !== undefined && compareUtf8(previous, creatorId) >= 0) {
      throw new DomainError('bad-close', `Creators out of order: "${creatorId}" after "${previous}"`);
    }
    previous = creatorId;
    columns.creatorIds.push(creatorId);
    columns.points.push(points);
    columns.amounts.push(amount);
    columns.total += amount;
    if (columns.amounts.length % ROWS_PER_STEP === 0) {
      yield;
    }
  }
  return columns;
}

/** Number of each creator's first part, and at the end the number of all parts. */
export function firstPartsOf({ amounts, total }: RowColumns): Uint32Array {
  const splitting = splittingOf(amounts.length);
  const firstParts = new Uint32Array(amounts.length + 1);
  for (const [owner, amount] of amounts.entries()) {
    firstParts[owner + 1] = (firstParts[owner] ?? 0) + partsOf(amount, total, amounts.length, splitting);
  }
  return firstParts;
}

/** The owner of a part: the last creator whose first part is not after it. */
export function ownerOf(firstParts: Uint32Array, part: number): number {
  let [low, high] = [0, firstParts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((firstParts[middle] ?? 0) <= part) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** A creator's owner number. */
export function indexOf(creatorIds: readonly string[], creatorId: string): number | undefined {
  let [low, high] = [0, creatorIds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareUtf8(creatorIds[middle] ?? '', creatorId);
    if (order === 0) {
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return undefined;
}
