import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, sortUtf8 } from './utf8-order.ts';

const text = fc.string({
  unit: fc.oneof(fc.constantFrom('a', 'b', 'é', '\uffee', '\ue000', '\u{1f600}'), fc.string()),
});
const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('strings are compared as UTF-8 bytes', () => {
  it('not as UTF-16: an emoji comes after U+FFEE', () => {
    expect('\u{1f600}' < '\uffee').toBe(true);
    expect(compareUtf8('\u{1f600}', '\uffee')).toBeGreaterThan(0);
  });

  it('a prefix comes first', () => {
    expect(compareUtf8('c1', 'c10')).toBeLessThan(0);
    expect(compareUtf8('c1', 'c1')).toBe(0);
  });

  it('agrees with the bytes for any two strings', () => {
    fc.assert(fc.property(text, text, (a, b) => Math.sign(compareUtf8(a, b)) === bytes(a, b)));
  });

  it('sorts as the bytes do, with and without surrogates', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        expect(sortUtf8([...texts])).toEqual([...texts].sort(bytes));
      }),
    );
  });
});
