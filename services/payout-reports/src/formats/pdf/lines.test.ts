import fc from 'fast-check';
import { expect, it } from 'vitest';
import { amountLines, type Style, type TextLine, textLines, widthOfLine } from './lines.ts';

const STYLE: Style = { font: 'regular', size: 8.5, color: '#000' };
const joined = (lines: readonly TextLine[]) => lines.map(({ text }) => text).join('');
const runTexts = ({ runs }: TextLine) => runs.map(({ text }) => text);

it('sets an amount in groups of three, on one line if it fits, and loses no digit', () => {
  expect(amountLines('-1234567.8901', STYLE, 90).map(runTexts)).toEqual([['-1', '234', '567', '.8901']]);
  expect(amountLines('1000', STYLE, 90).map(runTexts)).toEqual([['1', '000']]);
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(digits, digits, fc.integer({ min: 30, max: 200 }), (whole, decimals, width) => {
      const lines = amountLines(`${whole}.${decimals.slice(0, 3)}`, STYLE, width);
      expect(joined(lines)).toBe(`${whole}.${decimals.slice(0, 3)}`);
      for (const line of lines) {
        expect(widthOfLine(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});

it('breaks a text at blanks, a long word anywhere, and loses nothing', () => {
  const text = fc.string({
    unit: fc.constantFrom('W', 'i', ' ', 'é', '宮', 'e\u0301', 'क्षि', 'ที่', '👩‍👩‍👧', 'ש', 'م', '1', '('),
    maxLength: 80,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 70, max: 200 }), (one, width) => {
      const lines = textLines(one, STYLE, width);
      expect(joined(lines).replaceAll(/[\u2066-\u2069]/g, '')).toBe(one);
      for (const line of lines) {
        const runs = line.runs.map((run, index) =>
          index === line.runs.length - 1 && run.text.endsWith(' ') ? { ...run, width: 0 } : run,
        );
        expect(widthOfLine({ ...line, runs })).toBeLessThanOrEqual(width + 0.001);
        const letters = (parts: readonly string[]) => [...parts.join('')].sort();
        expect(letters(runTexts(line)).length).toBe(letters([line.text]).length);
      }
    }),
  );
});
