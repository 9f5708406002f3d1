import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadFont } from './fonts.ts';
import { paragraphOf, runsOf, type Text } from './paragraph.ts';

const runs = (text: Text) => {
  const paragraph = paragraphOf(text, 'regular');
  return runsOf(paragraph, 0, paragraph.graphemes.length);
};
const texts = (text: Text) => runs(text).map((run) => run.text);

describe('runs', () => {
  it('are of one font each', () => {
    expect(runs('Ann 宮本 김 ที่ 🎤').map(({ text, font }) => [font, text])).toEqual([
      ['regular', 'Ann '],
      ['han', '宮本'],
      ['regular', ' '],
      ['hangul', '김'],
      ['regular', ' '],
      ['thai', 'ที่'],
      ['regular', ' '],
      ['emoji', '🎤'],
    ]);
  });

  it('keep together what is shaped together', () => {
    expect(texts('श्रीमती')).toEqual(['श्रीमती']);
    expect(texts('👩‍👩‍👧')).toEqual(['👩‍👩‍👧']);
    expect(texts('مُحَمَّد علي')).toEqual(['مُحَمَّد علي']);
    expect(texts('محمد שרה')).toEqual(['שרה', 'محمد ']);
  });

  it.each<[Text, string[]]>([
    ['', []],
    ['abc', ['abc']],
    ['שרה כהן', ['שרה כהן']],
    ['id שרה כהן (12)', ['id ', ')', '12', 'שרה כהן (']],
    // A name that begins from right to left has its number on the left; the shaper mirrors its brackets.
    ['محمد علي 123', ['123', 'محمد علي ']],
    ['שרה (כהן)', ['שרה (כהן)']],
    ['محمد 😀 علي', [' علي', '😀', 'محمد ']],
    // Adjacent texts do not change each other's order.
    [
      ['محمد', ' · 500 · ', 'علي'],
      ['محمد', ' · 500 · ', 'علي'],
    ],
    [
      ['محمد', ' · ', '500'],
      ['محمد', ' · 500'],
    ],
    // What cannot be seen stays readable.
    ['שרה\u202eכהן', ['כהן', '\\u{202E}', 'שרה']],
  ])('of %j are %j from left to right', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('have a glyph for everything, whatever the text, and lose nothing', () => {
    const scripts = [
      'Latin',
      'Arabic',
      'Hebrew',
      'Han',
      'Hiragana',
      'Hangul',
      'Devanagari',
      'Bengali',
      'Gurmukhi',
      'Gujarati',
      'Oriya',
    ];
    const more = ['Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Ethiopic'];
    const inScript = [...scripts, ...more, 'Inherited'].map((name) =>
      charactersOf(new RegExp(`\\p{scx=${name}}`, 'u')),
    );
    const one = fc
      .constantFrom(...inScript)
      .chain((list) => fc.array(fc.constantFrom(...list), { minLength: 1, maxLength: 6 }));
    const any = fc.array(fc.string({ unit: 'binary', maxLength: 2 }), { maxLength: 2 });
    const between = fc.constantFrom('', ' ', '\u200d', '\u200c', '(', '1', 'a', '🎤', '\u202e', '\ufe0f');
    const text = fc.array(fc.tuple(one, between, any), { maxLength: 5 }).map((parts) => parts.flat(3).join(''));
    fc.assert(
      fc.property(text, (hostile) => {
        const found = runs(hostile);
        for (const run of found) {
          const { glyphs, advanceWidth } = loadFont(run.font).shape(run.text, run.isRightToLeft);
          expect(
            glyphs.every(({ id }) => id > 0),
            JSON.stringify(run.text),
          ).toBe(true);
          expect(Number.isFinite(advanceWidth)).toBe(true);
        }
        const { graphemes } = paragraphOf(hostile, 'regular');
        const size = (parts: readonly string[]) => parts.join('').length;
        expect(size(found.map((run) => run.text))).toBe(size(graphemes.map((grapheme) => grapheme.text)));
      }),
      { numRuns: 100 },
    );
  });
});

/** Of the first planes' letters, as many as tell scripts apart. */
function charactersOf(script: RegExp): string[] {
  const found: string[] = [];
  for (let code = 0; code < 0x5000 && found.length < 500; code += 1) {
    const character = String.fromCodePoint(code);
    if (script.test(character)) {
      found.push(character);
    }
  }
  return found;
}
