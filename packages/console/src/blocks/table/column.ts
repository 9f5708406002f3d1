import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import type { ReactNode } from 'react';

export type SortKey = string | number | bigint | null;

/** A column of a table. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly header: string;
  cell(row: Row): ReactNode;
  /** Numbers and amounts stand at the end of their column. */
  readonly isNumeric?: boolean;
  /** It names the row: read out before the other cells. */
  readonly isRowHeader?: boolean;
  /** What the rows are ordered by; a column without it cannot be sorted. */
  sortKey?(row: Row): SortKey;
  /** The service sorts by it; the column's id is the name of the sort. */
  readonly isSortable?: boolean;
  /** Share of the width, where the columns are fixed (many rows). 1 where it is not given. */
  readonly width?: number;
}

/** An order as an address has it: "amount", or "-amount" from the largest down. */
export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

export function readOrder(text: string | undefined): Order | undefined {
  if (text === undefined || text === '' || text === '-') {
    return undefined;
  }
  const isDescending = text.startsWith('-');
  return { column: isDescending ? text.slice(1) : text, isDescending };
}

export function writeOrder({ column, isDescending }: Order): string {
  return `${isDescending ? '-' : ''}${column}`;
}

/** An order as a list takes it; nothing, for the list's own, where it has no such sort. */
export function sortQuery(
  text: string | undefined,
  sorts: readonly string[],
): { readonly sort?: string; readonly order?: 'asc' | 'desc' } {
  const order = readOrder(text);
  return order === undefined || !sorts.includes(order.column)
    ? {}
    : { sort: order.column, order: order.isDescending ? 'desc' : 'asc' };
}

/** What a press on a header asks for next: numbers from the largest down first, texts from the first. */
export function nextOrder(current: Order | undefined, column: string, isNumeric: boolean): Order {
  if (current?.column !== column) {
    return { column, isDescending: isNumeric };
  }
  return { column, isDescending: !current.isDescending };
}

/** Negative, zero or positive. What is missing comes last going up. */
export function compareKeys(a: SortKey, b: SortKey): number {
  if (a === null || b === null) {
    return a === b ? 0 : a === null ? 1 : -1;
  }
  if (typeof a === 'string' && typeof b === 'string') {
    return compareUtf8(a, b);
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
