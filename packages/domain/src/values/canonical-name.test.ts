import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalName } from './canonical-name.ts';

describe('the canonical form of a name', () => {
  it.each([
    ['admin\u200b', 'admin'],
    ['\u2066admin\u2069', 'admin'],
    ['ad\u00admin\ufe0f', 'admin'],
    ['a\u{e0061}dmin', 'admin'],
    ['ａｄｍｉｎ', 'admin'],
    ['ADMIN', 'admin'],
    ['\u3164admin\u2800', 'admin'],
    ['  Siti\u00a0\u3000 Aminah\t', 'siti aminah'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδος', 'οδοσ'],
    ['Straße', 'strasse'],
    ['IŞIK', 'işik'],
    ['ışık', 'ışık'],
    ['e\u0301', '\u00e9'],
    ['名前', '名前'],
    ['нина', 'нина'],
    ['\u200b \u2060', ''],
  ])('of "%s" is "%s"', (text, name) => {
    expect(canonicalName(text)).toBe(name);
  });

  it('is its own, whatever it was made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = canonicalName(text);
        expect(canonicalName(name)).toBe(name);
      }),
      { numRuns: 300 },
    );
  });

  it('is that of Unicode (NFKC_Casefold) for every letter except those of Cherokee, which become lower case', () => {
    const differing: number[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (!/\p{Changes_When_NFKC_Casefolded}/u.test(String.fromCodePoint(code))) {
        continue;
      }
      const name = canonicalName(`a${String.fromCodePoint(code)}b`);
      if (/\p{Changes_When_NFKC_Casefolded}/u.test(name)) {
        differing.push(code);
      }
    }
    const others = differing.filter((code) => !/\p{Script=Cherokee}/u.test(String.fromCodePoint(code)));
    expect(others).toEqual([]);
  });
});
