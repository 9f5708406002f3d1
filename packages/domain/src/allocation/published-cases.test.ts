import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { closeOfPairs, type Pair } from './test-pairs.ts';

// Published tables of what streams pay: viewers, creators and streams, what is paid in all, and what each method makes of it. Money in
// millionths, as in the shared cases.

type Method = 'pro-rata' | 'user-centric' | 'engaged-equal';

interface Case extends Partial<Readonly<Record<Method, Readonly<Record<string, string>>>>> {
  readonly source: string;
  readonly poolMinor: string;
  readonly pairs: readonly (readonly [viewerId: string, creatorId: string, points: string])[];
}

const METHODS: readonly Method[] = ['pro-rata', 'user-centric', 'engaged-equal'];
const file = new URL('../../../../../shared/cases/allocation.json', import.meta.url);
const found = existsSync(file);
const shared: { readonly methods: readonly Case[] } = found ? JSON.parse(readFileSync(file, 'utf8')) : { methods: [] };

const LITERATURE: readonly Case[] = [
  {
    source:
      'Hacker News, item 45565044: one listener plays Taylor 99 times, another plays somebody else once: 99% by all listens, 50% by those of each user',
    poolMinor: '100000000',
    pairs: [
      ['v1', 'taylor', '99'],
      ['v2', 'other', '1'],
    ],
    'pro-rata': { taylor: '99000000', other: '1000000' },
    'user-centric': { taylor: '50000000', other: '50000000' },
  },
  {
    source:
      'Ampled, "Payout models": a customer listens to artist one 10% of the time and to artist two 90%, and the fee goes to these two in that proportion, to no other artist (here beside a second customer, who plays another artist ten times as often)',
    poolMinor: '20000000',
    pairs: [
      ['customer', 'one', '10'],
      ['customer', 'two', '90'],
      ['another', 'three', '900'],
    ],
    'pro-rata': { one: '200000', three: '18000000', two: '1800000' },
    'user-centric': { one: '1000000', three: '10000000', two: '9000000' },
  },
  {
    source:
      'Hacker News, item 37193989: of a fee of 10, 7 are left; who listens to one artist only gives that artist all of it, who listens to 50 artists divides it among them',
    poolMinor: '14000000',
    pairs: [
      ['fan', 'swift', '40'],
      ...Array.from({ length: 50 }, (_, index) => ['listener', `artist${index + 10}`, '4'] as const),
    ],
    'user-centric': {
      swift: '7000000',
      ...Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`artist${index + 10}`, '140000'])),
    },
    'engaged-equal': {
      swift: '7000000',
      ...Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`artist${index + 10}`, '140000'])),
    },
  },
];

describe('published splits by method', () => {
  if (!found) {
    it.skip('../shared/cases/allocation.json is missing: only the cases of this file run', () => {});
  }

  const cases = [...shared.methods, ...LITERATURE].flatMap((one) =>
    METHODS.flatMap((method) => (one[method] === undefined ? [] : [{ ...one, method, expected: one[method] }])),
  );
  it('are there', () => expect(cases.length).toBeGreaterThanOrEqual(6));

  it.each(cases)('$method: $source', ({ method, poolMinor, pairs, expected }) => {
    const played = pairs.map(([viewerId, creatorId, points]): Pair => [viewerId, creatorId, Number(points)]);
    const { rows } = closeOfPairs(played, { allocation: { method } }, { revenueEntries: BigInt(poolMinor) });
    expect(Object.fromEntries(rows.map(({ creatorId, amount }) => [creatorId, amount.toString()]))).toEqual(expected);
  });
});
