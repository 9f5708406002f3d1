import { describe, expect, it } from 'vitest';
import { eventIds } from './event-id.ts';
import { heavyTail } from './heavy-tail.ts';
import { fraction, randomFrom } from './random.ts';

describe('randomFrom', () => {
  it('equals sfc32 computed with bigints', () => {
    let [a, b, c, counter] = [99n, 0n, 5n, 1n];
    const word = (value: bigint) => BigInt.asUintN(32, value);
    const reference = () => {
      const result = word(a + b + counter);
      counter = word(counter + 1n);
      a = b ^ (b >> 9n);
      b = word(c + (c << 3n));
      c = word((word(c << 21n) | (c >> 11n)) + result);
      return Number(result);
    };
    const random = randomFrom(99, 5);
    const drawn = Array.from({ length: 100 }, random);
    const expected = Array.from({ length: 115 }, reference).slice(15);
    expect(drawn).toEqual(expected);
  });

  it('spreads evenly and differs by stream', () => {
    const random = randomFrom(1, 1);
    const mean = Array.from({ length: 100_000 }, () => fraction(random())).reduce((a, b) => a + b, 0) / 100_000;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(randomFrom(1, 1)()).not.toBe(randomFrom(1, 2)());
  });
});

describe('heavyTail', () => {
  it('draws index i with probability 1 / (i + shift) over their sum', () => {
    const random = randomFrom(3, 0);
    const draw = heavyTail(50, 2);
    const counts = new Array<number>(50).fill(0);
    const draws = 200_000;
    for (let i = 0; i < draws; i++) {
      const index = draw(random(), random());
      counts[index] = (counts[index] ?? 0) + 1;
    }
    const total = counts.reduce((sum, _, i) => sum + 1 / (i + 2), 0);
    counts.forEach((drawn, i) => {
      expect(Math.abs(drawn / draws - 1 / (i + 2) / total)).toBeLessThan(0.004);
    });
  });
});

describe('eventIds', () => {
  it('write time, seed and number in Crockford base 32, sorted as their events', () => {
    const id = eventIds(33);
    expect(id(0, 0)).toBe('00000000000000000011000000');
    expect(id(2 ** 48 - 1, 2 ** 30 - 1)).toBe('7ZZZZZZZZZ0000000011ZZZZZZ');
    expect(id(31, 32)).toBe('000000000Z0000000011000010');
  });
});
