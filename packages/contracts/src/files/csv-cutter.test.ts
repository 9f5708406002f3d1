import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvCutter, type CsvRecord } from './csv-cutter.ts';

/** @param sizes of the pieces, over and over */
function cut(text: string, sizes: readonly number[] = [text.length], separator = ','): CsvRecord[] {
  const cutter = new CsvCutter(separator);
  const records: CsvRecord[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    records.push(...cutter.push(text.slice(at, at + size)));
    at += size;
  }
  return [...records, ...cutter.end()];
}

/** What csv-parse makes of it; undefined where it is not CSV. */
function reference(text: string): string[][] | undefined {
  try {
    return parse(text, { skip_empty_lines: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] });
  } catch {
    return undefined;
  }
}

const cell = fc.oneof(
  fc.stringMatching(/^[a-z0-9 .:-]{0,6}$/),
  fc.constantFrom('"a"', '"a,b"', '"a\nb"', '"a\r\nb"', '"say ""so"""', '""', '"\r"', 'é', '"😀"', "'=1+1", '\ta'),
);
const line = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join(','));
const csv = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n\n')), { maxLength: 8 })
  .map((lines) => lines.flat().join(''));
/** Also what is not CSV. */
const anything = fc
  .array(fc.constantFrom('a', ',', '"', '\n', '\r', ' '), { maxLength: 14 })
  .map((all) => all.join(''));

describe('CsvCutter', () => {
  it('cuts as csv-parse does, however the text comes in pieces', () => {
    fc.assert(
      fc.property(csv, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }), (text, sizes) => {
        expect(cut(text, sizes).map(({ cells }) => cells)).toEqual(reference(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses what csv-parse refuses, and nothing else', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 5 }), (text, size) => {
        const expected = reference(text);
        if (expected === undefined) {
          expect(() => cut(text, [size])).toThrow(/^line \d+: /);
        } else {
          expect(cut(text, [size]).map(({ cells }) => cells)).toEqual(expected);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the line on which a record starts', () => {
    const text = 'a,b\r\n\r\n"1\n2\r\n3",x\n\ny,z\rlast,"\n"';
    expect(cut(text, [1]).map(({ line }) => line)).toEqual([1, 3, 7, 8]);
  });

  it.each([
    ['a\nb,"c\nd\n', 'line 2: a quote is not closed'],
    ['a\n\n"b"c,d\n', 'line 3: after a closing quote'],
    ['"a\nb",c"d\n', 'line 2: there is a quote within a cell'],
  ])('names the line of what is wrong: %j', (text, message) => {
    expect(() => cut(text)).toThrow(message);
  });

  it('does not hold a file whose quote is never closed', () => {
    const cutter = new CsvCutter(',');
    const piece = 'x'.repeat(100_000);
    cutter.push('a,"');
    expect(() => {
      for (let pieces = 0; pieces < 20; pieces += 1) {
        cutter.push(piece);
      }
    }).toThrow('line 1: a record has more than 1000000 characters');
  });
});
