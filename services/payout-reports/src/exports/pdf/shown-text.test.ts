import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadFont } from './fonts.ts';
import { directionalPieces, shownText } from './shown-text.ts';

const { characters } = loadFont('regular');
const shown = (text: string): string => shownText(text, characters);

it('shows what the font has, in many scripts', () => {
  for (const text of [
    'Zoë Ångström',
    'Ελένη',
    'Наталья',
    'Հայկ',
    'ნინო',
    'שרה',
    'محمد',
    'Nguyễn Thị Hồng',
    '-1.50',
    'a  b',
  ]) {
    expect(shown(text)).toBe(text);
  }
});

it.each([
  ['宮本', '\\u{5BAE}\\u{672C}'],
  ['Ann 🎤', 'Ann \\u{1F3A4}'],
  ['สมชาย', '\\u{E2A}\\u{E21}\\u{E0A}\\u{E32}\\u{E22}'],
  ['a\u202eb', 'a\\u{202E}b'],
  ['a\u00a0b', 'a\\u{A0}b'],
  ['a\u200bb', 'a\\u{200B}b'],
  ['\\u{41}', '\\\\u{41}'],
])('writes %j as %j', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('writes different texts differently', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\\', 'u', '{', '}', '4', '1', '宮', '\u202e', ' ') });
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(shown(one) === shown(other)).toBe(one === other);
    }),
  );
});

it('cuts text where its direction changes, and loses nothing', () => {
  expect(directionalPieces('abc')).toEqual(['abc']);
  expect(directionalPieces('שרה כהן')).toEqual(['שרה כהן']);
  expect(directionalPieces('id שרה כהן (12)')).toEqual(['id ', 'שרה כהן', ' (12)']);
  expect(directionalPieces('')).toEqual([]);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', 'ש', 'م', '1', '(', '\u05b0') }), (text) => {
      expect(directionalPieces(text).join('')).toBe(text);
    }),
  );
});
