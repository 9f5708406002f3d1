import { type FontName, loadFont } from './fonts.ts';
import { type Paragraph, paragraphOf, type Run, runsOf, type Text, widthOfPart } from './paragraph.ts';

/** How text is set; sizes in points. */
export interface Style {
  readonly font: FontName;
  readonly size: number;
  readonly color: string;
}

/** A line of text: runs from left to right. */
export interface TextLine {
  readonly runs: readonly Run[];
  /** What it says, in the order in which it is read. */
  readonly text: string;
  readonly style: Style;
  /** Amounts are in runs of three digits, a little apart. */
  readonly isAmount: boolean;
}

/** From one line to the next, of the font's size. */
const LEADING = 1.32;
const SMALLEST = 6;
/** Of the font's size: visible, but too small for programs that extract the text to take it for a blank. */
const GROUP_GAP = 0.085;

/** In points. */
export function widthOfLine({ runs, style, isAmount }: TextLine): number {
  const gaps = isAmount ? runs.slice(1).reduce((sum, { text }) => sum + gapBefore(text, style), 0) : 0;
  return gaps + widthOf(runs, style);
}

function widthOf(runs: readonly Run[], { size }: Style): number {
  return runs.reduce((sum, { width }) => sum + width * size, 0);
}

/** Of one line, in points. */
export function lineHeight({ size }: Style): number {
  return size * LEADING;
}

/** In points. */
export function heightOf(lines: readonly TextLine[]): number {
  return lines.reduce((sum, { style }) => sum + lineHeight(style), 0);
}

/** A text as the fonts can show it, on as many lines as it needs at a width in points. */
export function textLines(text: Text, style: Style, width: number): TextLine[] {
  const paragraph = paragraphOf(text, style.font);
  return wrap(paragraph, width / style.size).map(([from, end]) => ({
    runs: runsOf(paragraph, from, end),
    text: textOf(paragraph, from, end),
    style,
    isAmount: false,
  }));
}

function textOf({ graphemes }: Paragraph, from: number, end: number): string {
  return graphemes
    .slice(from, end)
    .map(({ text }) => text)
    .join('');
}

/** An amount on one line, in a smaller size if needed; one that is still too long breaks between its thousands. */
export function amountLines(amount: string, style: Style, width: number): TextLine[] {
  const { widthOf } = loadFont(style.font);
  const runs = amount
    .split(/(?<=\d)(?=(?:\d{3})+(?!\d))(?<!\.\d*)|(?=\.)/)
    .map((text): Run => ({ text, font: style.font, width: widthOf(text), isPlain: true, isRightToLeft: false }));
  const lineOf = (some: readonly Run[], size: number): TextLine => {
    return { runs: some, text: some.map(({ text }) => text).join(''), style: { ...style, size }, isAmount: true };
  };
  for (let size = style.size; size >= SMALLEST; size -= 0.5) {
    const line = lineOf(runs, size);
    if (widthOfLine(line) <= width) {
      return [line];
    }
  }
  const lines: Run[][] = [[]];
  for (const run of runs) {
    const line = lines.at(-1) ?? [];
    if (line.length > 0 && widthOfLine(lineOf([...line, run], style.size)) > width) {
      lines.push([run]);
    } else {
      line.push(run);
    }
  }
  return lines.map((line) => lineOf(line, style.size));
}

/** Between thousands, not before the decimals. */
export function gapBefore(text: string, { size }: Style): number {
  return text.startsWith('.') ? 0 : size * GROUP_GAP;
}

/** Lines that fit, as ranges of graphemes: broken at blanks, else anywhere between graphemes. */
function wrap(paragraph: Paragraph, width: number): [from: number, end: number][] {
  const { graphemes } = paragraph;
  const isBlank = (index: number): boolean => graphemes[index]?.text === ' ';
  const fits = (from: number, end: number): boolean => {
    let last = end;
    while (last > from && isBlank(last - 1)) {
      last -= 1;
    }
    return widthOfPart(paragraph, from, last) <= width;
  };
  const lines: [number, number][] = [];
  let from = 0;
  let at = 0;
  while (at < graphemes.length) {
    let end = at + 1;
    while (end < graphemes.length && !isBlank(end - 1)) {
      end += 1;
    }
    if (fits(from, end)) {
      at = end;
    } else if (at > from) {
      lines.push([from, at]);
      from = at;
    } else {
      at += 1;
      while (at < end && fits(from, at + 1)) {
        at += 1;
      }
      lines.push([from, at]);
      from = at;
    }
  }
  return from < graphemes.length || lines.length === 0 ? [...lines, [from, graphemes.length]] : lines;
}
