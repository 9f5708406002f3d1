import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font, type GlyphRun } from 'fontkit';
import { type Shape, type Shaped, shaperOf } from './shaper.ts';

const NOTO = '@expo-google-fonts/noto-';

/**
 * DejaVu Sans Condensed for Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Lao and more; Noto for scripts
 * that it does not have. Han characters have their Chinese forms. Only the fonts that a text needs are read, and a
 * document has only the glyphs that it shows.
 */
const FILES = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf',
  han: `${NOTO}sans-sc/400Regular/NotoSansSC_400Regular.ttf`,
  hangul: `${NOTO}sans-kr/400Regular/NotoSansKR_400Regular.ttf`,
  devanagari: `${NOTO}sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf`,
  bengali: `${NOTO}sans-bengali/400Regular/NotoSansBengali_400Regular.ttf`,
  gurmukhi: `${NOTO}sans-gurmukhi/400Regular/NotoSansGurmukhi_400Regular.ttf`,
  gujarati: `${NOTO}sans-gujarati/400Regular/NotoSansGujarati_400Regular.ttf`,
  oriya: `${NOTO}sans-oriya/400Regular/NotoSansOriya_400Regular.ttf`,
  tamil: `${NOTO}sans-tamil/400Regular/NotoSansTamil_400Regular.ttf`,
  telugu: `${NOTO}sans-telugu/400Regular/NotoSansTelugu_400Regular.ttf`,
  kannada: `${NOTO}sans-kannada/400Regular/NotoSansKannada_400Regular.ttf`,
  malayalam: `${NOTO}sans-malayalam/400Regular/NotoSansMalayalam_400Regular.ttf`,
  sinhala: `${NOTO}sans-sinhala/400Regular/NotoSansSinhala_400Regular.ttf`,
  thai: `${NOTO}sans-thai/400Regular/NotoSansThai_400Regular.ttf`,
  khmer: `${NOTO}sans-khmer/400Regular/NotoSansKhmer_400Regular.ttf`,
  myanmar: `${NOTO}sans-myanmar/400Regular/NotoSansMyanmar_400Regular.ttf`,
  ethiopic: `${NOTO}sans-ethiopic/400Regular/NotoSansEthiopic_400Regular.ttf`,
  emoji: `${NOTO}emoji/400Regular/NotoEmoji_400Regular.ttf`,
} as const;

export type FontName = keyof typeof FILES;

/** The fonts of scripts, in the order in which they are tried. */
const SCRIPTS: readonly (readonly [FontName, RegExp])[] = [
  ['devanagari', /\p{scx=Devanagari}/u],
  ['bengali', /\p{scx=Bengali}/u],
  ['gurmukhi', /\p{scx=Gurmukhi}/u],
  ['gujarati', /\p{scx=Gujarati}/u],
  ['oriya', /\p{scx=Oriya}/u],
  ['tamil', /\p{scx=Tamil}/u],
  ['telugu', /\p{scx=Telugu}/u],
  ['kannada', /\p{scx=Kannada}/u],
  ['malayalam', /\p{scx=Malayalam}/u],
  ['sinhala', /\p{scx=Sinhala}/u],
  ['thai', /\p{scx=Thai}/u],
  ['khmer', /\p{scx=Khmer}/u],
  ['myanmar', /\p{scx=Myanmar}/u],
  ['ethiopic', /\p{scx=Ethiopic}/u],
  ['hangul', /\p{sc=Hangul}/u],
  ['han', /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\uff00-\uffef]/u],
  ['emoji', /\p{Extended_Pictographic}/u],
];
const AS_EMOJI = /[\p{Emoji_Presentation}\p{Regional_Indicator}]|\ufe0f|\p{Extended_Pictographic}\u200d/u;
/** What joins or separates its neighbours or chooses their form, and needs no glyph. */
const WITHOUT_GLYPH = /\u200c|\u200d|\ufe0e|\ufe0f/u;

/** pdfkit passes features on to the font, but no direction. */
export const RIGHT_TO_LEFT = 'rtla';

export interface LoadedFont {
  /** Code points that it has a glyph for. */
  readonly characters: ReadonlySet<number>;
  readonly shape: Shape;
  /** Units of length per em. */
  readonly unitsPerEm: number;
  /**
   * The width of a text of single characters from left to right, as a multiple of the font's size; without kerning,
   * which makes it a little shorter.
   */
  widthOf(text: string): number;
  /** For one document: it lays text out as `shape` does, from right to left where that is among the features. */
  open(): Font;
}

const loaded = new Map<FontName, LoadedFont>();

/** A font, read once, when it is first needed. */
export function loadFont(name: FontName): LoadedFont {
  const known = loaded.get(name);
  if (known !== undefined) {
    return known;
  }
  const bytes = readFileSync(createRequire(import.meta.url).resolve(FILES[name]));
  const shape = shaperOf(bytes);
  const open = (): Font => {
    const font = create(bytes);
    if (!('layout' in font)) {
      throw new Error(`${FILES[name]} is not a single font`);
    }
    font.layout = (text, features) =>
      glyphRun(font, shape(text, Array.isArray(features) && features.includes(RIGHT_TO_LEFT)));
    return font;
  };
  const font = open();
  const widths = new Map<number, number>();
  const widthOfCode = (code: number): number => {
    const known = widths.get(code) ?? font.glyphForCodePoint(code).advanceWidth / font.unitsPerEm;
    widths.set(code, known);
    return known;
  };
  const one: LoadedFont = {
    characters: new Set(font.characterSet),
    shape,
    unitsPerEm: font.unitsPerEm,
    widthOf: (text) => [...text].reduce((sum, character) => sum + widthOfCode(character.codePointAt(0) ?? 0), 0),
    open,
  };
  loaded.set(name, one);
  return one;
}

function glyphRun(font: Font, { glyphs, positions, advanceWidth }: Shaped): GlyphRun {
  return {
    glyphs: glyphs.map(({ id, standsFor }) => font.getGlyph(id, [...standsFor])),
    positions: [...positions],
    advanceWidth,
    advanceHeight: 0,
    script: '',
    language: '',
    direction: 'ltr',
    features: {},
    bbox: font.bbox,
  };
}

/** The font for what a reader takes for one character; undefined if no font has all of it. */
export function fontFor(grapheme: string, preferred: FontName): FontName | undefined {
  const others = SCRIPTS.filter(([, script]) => script.test(grapheme)).map(([name]) => name);
  const candidates: readonly FontName[] = AS_EMOJI.test(grapheme) ? ['emoji', preferred] : [preferred, ...others];
  return candidates.find((name) => hasAllOf(name, grapheme));
}

function hasAllOf(name: FontName, text: string): boolean {
  const { characters } = loadFont(name);
  return [...text].every((one) => WITHOUT_GLYPH.test(one) || characters.has(one.codePointAt(0) ?? 0));
}
