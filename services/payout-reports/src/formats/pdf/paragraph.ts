import bidiFactory, { type EmbeddingLevels } from 'bidi-js/dist/bidi.mjs';
import { type FontName, fontFor, loadFont } from './fonts.ts';
import { graphemesOf, RIGHT_TO_LEFT_LETTER, shownText } from './shown-text.ts';

/** A text, or texts that each have their own direction: `[account, ' · ', creatorId]`. */
export type Text = string | readonly string[];

/** Part of a line that is set together: of one font, script and direction. */
export interface Run {
  /** In logical order. */
  readonly text: string;
  readonly font: FontName;
  /** Of the font's size. */
  readonly width: number;
  /** Whether each code point has its own glyph, from left to right. */
  readonly isPlain: boolean;
  readonly isRightToLeft: boolean;
}

/** What a reader takes for one character. */
export interface Grapheme {
  /** In the paragraph's text. */
  readonly at: number;
  readonly text: string;
  readonly font: FontName;
  /** If the font has several, and the script has its own rules. */
  readonly script: string | undefined;
  /** Of the font's size; undefined if it depends on its neighbours. */
  readonly width: number | undefined;
}

/** A text ready to be broken into lines. */
export interface Paragraph {
  readonly graphemes: readonly Grapheme[];
  /** Of the Unicode bidirectional algorithm, where anything goes from right to left. */
  readonly bidi: { readonly text: string; readonly levels: EmbeddingLevels } | undefined;
}

const bidi = bidiFactory();
const SCRIPTS_OF_MAIN_FONT = ['Arabic', 'Hebrew', 'Nko', 'Lao'].map(
  (name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const,
);
const PLAIN = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const LEFT_TO_RIGHT_ISOLATE = '\u2066';
const END_OF_ISOLATE = '\u2069';
const ISOLATES = /^[\u2066-\u2069]$/;
const CODE_POINT = /\\u\{[0-9A-F]+\}/g;
// bidi-js looks at UTF-16 units, and takes half an emoji for a letter.
const ASTRAL_SYMBOL = /(?=\p{S})[\u{10000}-\u{10ffff}]/gu;

/** A text as the fonts can show it; lines go from left to right, and what goes the other way does so within its own text. */
export function paragraphOf(text: Text, preferred: FontName): Paragraph {
  const parts = typeof text === 'string' ? [text] : text;
  const shown = parts.map((part) => shownText(part, preferred));
  if (!shown.some((part) => RIGHT_TO_LEFT_LETTER.test(part))) {
    return { graphemes: graphemesIn(shown.join(''), preferred), bidi: undefined };
  }
  const isolated = shown.map((part) => {
    const inside = part.replaceAll(CODE_POINT, (code) => LEFT_TO_RIGHT_ISOLATE + code + END_OF_ISOLATE);
    return FIRST_STRONG_ISOLATE + inside + END_OF_ISOLATE;
  });
  const whole = isolated.join('');
  const levels = bidi.getEmbeddingLevels(whole.replaceAll(ASTRAL_SYMBOL, '\u2606\u2606'), 'ltr');
  return { graphemes: graphemesIn(whole, preferred), bidi: { text: whole, levels } };
}

function graphemesIn(text: string, preferred: FontName): Grapheme[] {
  let at = 0;
  const found: Grapheme[] = [];
  for (const one of graphemesOf(text)) {
    if (!ISOLATES.test(one)) {
      found.push({ at, ...settingOf(one, preferred) });
    }
    at += one.length;
  }
  return found;
}

type Setting = Omit<Grapheme, 'at'>;

/** Texts have few different graphemes, and finding a font takes long; at most this many are kept. */
const MAX_KEPT = 10_000;
const settings = new Map<string, Setting>();

function settingOf(text: string, preferred: FontName): Setting {
  const key = `${preferred} ${text}`;
  const known = settings.get(key);
  if (known !== undefined) {
    return known;
  }
  const font = fontFor(text, preferred);
  // Each code point that is left has a glyph, but not all of these in one font.
  if (font === undefined) {
    throw new Error(`no font has all of ${text}`);
  }
  const isMain = font === 'regular' || font === 'bold';
  const script = isMain ? SCRIPTS_OF_MAIN_FONT.find(([, pattern]) => pattern.test(text))?.[0] : undefined;
  const width = isMain && script === undefined && PLAIN.test(text) ? loadFont(font).widthOf(text) : undefined;
  if (settings.size === MAX_KEPT) {
    settings.clear();
  }
  settings.set(key, { text, font, script, width });
  return { text, font, script, width };
}

/** The width of graphemes on their own line, as a multiple of the font's size. */
export function widthOfPart(paragraph: Paragraph, from: number, end: number): number {
  let sum = 0;
  for (let index = from; index < end; index += 1) {
    const width = paragraph.graphemes[index]?.width;
    if (width === undefined || paragraph.bidi !== undefined) {
      return runsOf(paragraph, from, end).reduce((whole, run) => whole + run.width, 0);
    }
    sum += width;
  }
  return sum;
}

/** Graphemes of a paragraph as they appear on their own line, from left to right. */
export function runsOf({ graphemes, bidi: found }: Paragraph, from: number, end: number): Run[] {
  const line = graphemes.slice(from, end);
  if (found === undefined) {
    return runsOfOneLevel(line, false);
  }
  const levelOf = ({ at }: Grapheme): number => found.levels.levels[at] ?? 0;
  const runs: Run[] = [];
  let same: Grapheme[] = [];
  const put = (): void => {
    const [first] = same;
    if (first === undefined) {
      return;
    }
    const isRightToLeft = levelOf(first) % 2 === 1;
    runs.push(...(isRightToLeft ? runsOfOneLevel(same.reverse(), true).reverse() : runsOfOneLevel(same, false)));
    same = [];
  };
  for (const grapheme of inVisualOrder(line, found)) {
    const [first] = same;
    if (first !== undefined && levelOf(first) !== levelOf(grapheme)) {
      put();
    }
    same.push(grapheme);
  }
  put();
  return runs;
}

/** Rules L1 and L2 of the algorithm: blanks at the end stay there, and deeper levels are reversed. */
function inVisualOrder(line: readonly Grapheme[], { text, levels }: NonNullable<Paragraph['bidi']>): Grapheme[] {
  const first = line[0]?.at ?? 0;
  const last = line.findLast((grapheme) => grapheme.text !== ' ');
  if (last === undefined) {
    return [...line];
  }
  const end = last.at + last.text.length;
  const units = Array.from({ length: end - first }, (_, index) => first + index);
  for (const [from = 0, to = 0] of bidi.getReorderSegments(text, levels, first, end - 1)) {
    units.splice(from - first, to - from + 1, ...units.slice(from - first, to - first + 1).reverse());
  }
  const byUnit = new Map(
    line.flatMap((grapheme) => Array.from(grapheme.text, (_, index) => [grapheme.at + index, grapheme] as const)),
  );
  const ordered = new Set(units.flatMap((unit) => byUnit.get(unit) ?? []));
  return [...ordered, ...line.slice(line.indexOf(last) + 1)];
}

/** @param graphemes in logical order; runs come in that order too */
function runsOfOneLevel(graphemes: readonly Grapheme[], isRightToLeft: boolean): Run[] {
  const groups: { graphemes: Grapheme[]; script: string | undefined }[] = [];
  for (const grapheme of graphemes) {
    const last = groups.at(-1);
    const isOther = last?.script !== undefined && grapheme.script !== undefined && last.script !== grapheme.script;
    if (last === undefined || isOther || last.graphemes[0]?.font !== grapheme.font) {
      groups.push({ graphemes: [grapheme], script: grapheme.script });
    } else {
      last.graphemes.push(grapheme);
      last.script ??= grapheme.script;
    }
  }
  return groups.flatMap((group) => runOf(group.graphemes, isRightToLeft));
}

function runOf(graphemes: readonly Grapheme[], isRightToLeft: boolean): Run[] {
  const [first] = graphemes;
  if (first === undefined) {
    return [];
  }
  const { font } = first;
  const isPlain = !isRightToLeft && graphemes.every(({ width }) => width !== undefined);
  if (isPlain) {
    const width = graphemes.reduce((sum, grapheme) => sum + (grapheme.width ?? 0), 0);
    return [{ text: graphemes.map(({ text }) => text).join(''), font, width, isPlain, isRightToLeft }];
  }
  const text = graphemes.map((grapheme) => grapheme.text).join('');
  const loaded = loadFont(font);
  return [
    { text, font, width: loaded.shape(text, isRightToLeft).advanceWidth / loaded.unitsPerEm, isPlain, isRightToLeft },
  ];
}
