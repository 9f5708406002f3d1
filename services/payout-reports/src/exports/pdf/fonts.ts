import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';

/** DejaVu Sans Condensed: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and more; no Chinese, Japanese, Korean, Thai or Indic. */
export type FontName = 'regular' | 'bold';

const FILES: Readonly<Record<FontName, string>> = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf',
};

export interface LoadedFont {
  /** The file. */
  readonly bytes: Buffer;
  /** Code points that it has a glyph for. */
  readonly characters: ReadonlySet<number>;
  /** Of a text that goes from left to right, as a multiple of the font's size; without kerning, which makes it a little shorter. */
  widthOf(text: string): number;
}

const loaded = new Map<FontName, LoadedFont>();

/** A font, read once, when it is first needed. */
export function loadFont(name: FontName): LoadedFont {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const bytes = readFileSync(createRequire(import.meta.url).resolve(FILES[name]));
  const font = create(bytes);
  if (!('characterSet' in font)) throw new Error(`${FILES[name]} is no single font`);
  const widths = new Map<number, number>();
  const widthOfCode = (code: number): number => {
    const known = widths.get(code) ?? font.glyphForCodePoint(code).advanceWidth / font.unitsPerEm;
    widths.set(code, known);
    return known;
  };
  const one: LoadedFont = {
    bytes,
    characters: new Set(font.characterSet),
    widthOf: (text) => [...text].reduce((sum, character) => sum + widthOfCode(character.codePointAt(0) ?? 0), 0),
  };
  loaded.set(name, one);
  return one;
}
