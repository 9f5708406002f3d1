import { pageOf } from '@rewardbook/contracts/values/cursor';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { z } from 'zod';
import type { ListedSystem } from './listed-system.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

const MAX_PAGES = 2_000;

/** A path with a query. */
export function withQuery(path: string, query: Query): string {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      values.set(name, String(value));
    }
  }
  return `${path}?${values}`;
}

/** All items of a list, page after page. */
export async function readList<Item extends z.ZodType>(
  system: ListedSystem,
  service: 'ledger' | 'reports',
  path: string,
  item: Item,
  query: Query,
): Promise<z.output<Item>[]> {
  const items: unknown[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const { status, body, text } = await system.get(service, withQuery(path, { ...query, cursor }));
    expect(status, `${withQuery(path, query)}: ${text}`).toBe(200);
    const page = pageOf(z.unknown()).parse(body);
    expect(page.items.length).toBeLessThanOrEqual(Number(query.limit ?? 100));
    items.push(...page.items);
    if (page.nextCursor === null) {
      return z.array(item).parse(items) as z.output<Item>[];
    }
    cursor = page.nextCursor;
  }
  throw new Error(`${path} does not end`);
}

/** The files of a list have just the rows that it has with the same query; as NDJSON all of each, as CSV a line each below the header. */
export async function expectFiles<Item extends z.ZodType>(
  system: ListedSystem,
  service: 'ledger' | 'reports',
  path: string,
  item: Item,
  query: Query,
  rows: readonly z.output<Item>[],
): Promise<void> {
  const ndjson = await system.get(service, withQuery(`${path}/file`, { ...query, format: 'ndjson' }));
  const lines = ndjson.text.split('\n').slice(0, -1);
  expect(lines.map((line) => item.parse(JSON.parse(line)))).toEqual(rows);
  const csv = await system.get(service, withQuery(`${path}/file`, { ...query, format: 'csv' }));
  const [header = [], ...records] = parse(csv.text) as string[][];
  expect(records).toHaveLength(rows.length);
  expect(header).toEqual(expect.arrayContaining(Object.keys(rows[0] ?? {})));
}

/** Compares decimal texts with the same number of digits behind the point, or any whole numbers. */
export function compareDecimals(a: string, b: string): number {
  const places = Math.max(...[a, b].map((text) => (text.split('.')[1] ?? '').length));
  const scaled = (text: string): bigint => {
    const [whole = '', part = ''] = text.split('.');
    return BigInt(whole + part.padEnd(places, '0'));
  };
  const [x, y] = [scaled(a), scaled(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Sums decimal texts exactly. */
export function sumDecimals(texts: readonly string[], places: number): string {
  const sum = texts.reduce((all, text) => {
    const [whole = '', part = ''] = text.split('.');
    return all + BigInt(whole + part.padEnd(places, '0'));
  }, 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return sum < 0n ? `-${text}` : text;
}

/** As a list has to have them: by a decimal and then by id, both in the same direction. */
export function sorted<Row>(
  rows: readonly Row[],
  order: 'asc' | 'desc',
  idOf: (row: Row) => string,
  keyOf?: (row: Row) => string,
): Row[] {
  const upwards = [...rows].sort(
    (a, b) => (keyOf === undefined ? 0 : compareDecimals(keyOf(a), keyOf(b))) || compareUtf8(idOf(a), idOf(b)),
  );
  return order === 'asc' ? upwards : upwards.reverse();
}

export function containsText(text: string, part: string): boolean {
  const lower = (value: string): string => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return lower(text).includes(lower(part));
}
