import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visible } from './visible.ts';

it.each([
  ['INV-1', 'INV-1'],
  ['INV-1 ', '"INV-1 "'],
  [' INV-1', '" INV-1"'],
  ['INV 1', 'INV 1'],
  ['INV  1', '"INV  1"'],
  ['INV\u00a01', '"INV\\u{a0}1"'],
  ['INV-1\u200b', '"INV-1\\u{200b}"'],
  ['\u202eevil', '"\\u{202e}evil"'],
  ['"INV-1 "', '"\\"INV-1 \\""'],
  ['宮本 é', '宮本 é'],
  ['👩\u200d👧 می\u200cخواهم', '👩\u200d👧 می\u200cخواهم'],
  ['👩\u200d', '"👩\\u{200d}"'],
  ['a\u200db', '"a\\u{200d}b"'],
])('shows %j as %s', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

it('shows different texts differently', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '"', '\\', 'u', '{', '}', '0', '\u200b', '\u00a0'),
    maxLength: 5,
  });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(visible(one) === visible(other)).toBe(one === other);
    }),
    { numRuns: 5_000 },
  );
});
