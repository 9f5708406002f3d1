import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalString } from './canonical-json.ts';

describe('canonical JSON is RFC 8785', () => {
  it('3.2.3: keys by UTF-16 units', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      ö: 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)))).toEqual(
      Object.values(value).length ? expect.any(Array) : [],
    );
    expect([...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1])).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('3.2.2: literals, numbers and strings as ECMAScript writes them', () => {
    expect(
      canonicalJson({
        numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0],
        string: '\u20ac$\u000f\nA\'B"\\\\"/',
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('leaves out keys without a value', () => {
    expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], ['a\udc00']])('refuses %j', (value) => {
    expect(() => canonicalJson([value])).toThrow(expect.objectContaining({ code: 'not-canonical' }));
  });

  it('writes any well-formed string as JSON.stringify does', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => canonicalString(text) === JSON.stringify(text)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => canonicalString(text) === JSON.stringify(text)),
    );
  });
});
