import { type FontName, fontFor, loadFont } from './fonts.ts';

// Control and format characters (bidi overrides among them), fillers, lone surrogates, private and unassigned ones;
// blanks other than the space.
const NEVER = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;
const JOINER = /\u200c|\u200d/u;
const ASCII = /^[\x20-\x7e]*$/;
const EMOJI_FORM = '\ufe0f';
const MARK = /\p{M}/u;
const ENDS_WITH_BASE = /[^\p{C}\p{Z}]$/u;
const MARKS_AT_END = /\p{M}*$/u;
/** Of the font's size: marks that reach further would be drawn over the lines above and below. */
const ROOM = { above: 1.15, below: 0.7 };

/** A letter of a script that goes from right to left. */
export const RIGHT_TO_LEFT_LETTER =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader takes for one character each. */
export function graphemesOf(text: string): string[] {
  if (ASCII.test(text)) {
    return text.split('');
  }
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/**
 * Text as the fonts can show it. What no font has a glyph for, and what would be invisible, is written as its code
 * point (`\u{1F3A4}`), and a backslash twice: so nothing is hidden, no two texts are written the same way, and none has
 * wrong glyphs.
 *
 * @param preferred font of all that it has glyphs for
 */
export function shownText(text: string, preferred: FontName): string {
  if (ASCII.test(text)) {
    return text.replaceAll('\\', '\\\\');
  }
  let shown = '';
  let at = 0;
  for (const grapheme of graphemesOf(text)) {
    shown += shownGrapheme(text, at, grapheme, preferred);
    at += grapheme.length;
  }
  return shown;
}

function shownGrapheme(text: string, start: number, grapheme: string, preferred: FontName): string {
  const base = String.fromCodePoint(grapheme.codePointAt(0) ?? 0);
  const font = fontFor(grapheme, preferred) ?? fontFor(base, preferred) ?? preferred;
  const { characters } = loadFont(font);
  let shown = '';
  let at = start;
  let isRoomLeft = true;
  for (const character of grapheme) {
    const code = character.codePointAt(0) ?? 0;
    const isMark = MARK.test(character) && !NEVER.test(character);
    isRoomLeft = !isMark || (isRoomLeft && hasRoom(text.slice(0, at), shown + character, font));
    const isShown = isSeenInOthers(text, at, font) || (!NEVER.test(character) && characters.has(code) && isRoomLeft);
    if (character === '\\') {
      shown += '\\\\';
    } else {
      shown += isShown ? character : `\\u{${code.toString(16).toUpperCase()}}`;
    }
    at += character.length;
  }
  return shown;
}

/**
 * Whether a mark has a base character, does not repeat a mark of that base, and stays near it.
 *
 * @param marked text that ends with the mark
 */
function hasRoom(before: string, marked: string, font: FontName): boolean {
  const marks = [...(MARKS_AT_END.exec(marked)?.[0] ?? '')];
  if (!ENDS_WITH_BASE.test(before) || marks.lastIndexOf(marks.at(-1) ?? '', -2) !== -1) {
    return false;
  }
  const { shape, unitsPerEm } = loadFont(font);
  const { top, bottom } = shape(marked, RIGHT_TO_LEFT_LETTER.test(marked));
  return top <= ROOM.above * unitsPerEm && -bottom <= ROOM.below * unitsPerEm;
}

/**
 * Whether a joiner or an emoji variation selector changes how its neighbours look: then it is visible, though it has no
 * glyph.
 */
function isSeenInOthers(text: string, at: number, font: FontName): boolean {
  const character = text[at] ?? '';
  if (character === EMOJI_FORM) {
    return /[0-9#*]\ufe0f\u20e3$|(?!\p{Emoji_Presentation})\p{Extended_Pictographic}\ufe0f/u.test(around(text, at));
  }
  if (!JOINER.test(character)) {
    return false;
  }
  const from = text.lastIndexOf(' ', at) + 1;
  const end = text.indexOf(' ', at);
  const word = text.slice(from, end === -1 ? text.length : end);
  const { shape } = loadFont(font);
  const glyphsOf = (some: string): string =>
    shape(some, RIGHT_TO_LEFT_LETTER.test(word))
      .glyphs.map(({ id }) => id)
      .join(' ');
  return glyphsOf(word) !== glyphsOf(word.slice(0, at - from) + word.slice(at - from + 1));
}

/** The code point before a place, and two characters from it on. */
function around(text: string, at: number): string {
  const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
  return before + text.slice(at, at + 2);
}
