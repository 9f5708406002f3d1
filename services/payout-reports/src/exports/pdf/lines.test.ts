import fc from 'fast-check';
import { expect, it } from 'vitest';
import { amountLines, type Style, textLines, widthOfLine } from './lines.ts';

const STYLE: Style = { font: 'regular', size: 8.5, color: '#000' };
const joined = (lines: readonly { pieces: readonly string[] }[]) => lines.flatMap(({ pieces }) => pieces).join('');

it('sets an amount in threes, on one line where that can be, and loses no digit', () => {
  expect(amountLines('-1234567.8901', STYLE, 90).map(({ pieces }) => pieces)).toEqual([['-1', '234', '567', '.8901']]);
  expect(amountLines('1000', STYLE, 90).map(({ pieces }) => pieces)).toEqual([['1', '000']]);
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: 30, max: 200 }), (whole, decimals, width) => {
      const lines = amountLines(`${whole}.${decimals.slice(0, 3)}`, STYLE, width);
      expect(joined(lines)).toBe(`${whole}.${decimals.slice(0, 3)}`);
      for (const line of lines) expect(widthOfLine(line)).toBeLessThanOrEqual(width);
    }),
  );
});

it('breaks a text at blanks, a long word anywhere, and loses nothing', () => {
  const text = fc.string({ unit: fc.constantFrom('W', 'i', ' ', 'é', '宮', '\u0301'), maxLength: 80 });
  fc.assert(
    fc.property(text, fc.integer({ min: 70, max: 200 }), (one, width) => {
      const lines = textLines(one, STYLE, width);
      expect(joined(lines).replaceAll('\\u{5BAE}', '宮')).toBe(one);
      for (const { pieces, ...line } of lines) {
        expect(widthOfLine({ ...line, pieces: [pieces.join('').trimEnd()] })).toBeLessThanOrEqual(width);
      }
    }),
  );
});
