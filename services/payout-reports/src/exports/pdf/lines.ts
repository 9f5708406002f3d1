import { type FontName, loadFont } from './fonts.ts';
import { directionalPieces, shownText } from './shown-text.ts';

/** How text is set; sizes in points. */
export interface Style {
  readonly font: FontName;
  readonly size: number;
  readonly color: string;
}

/** A line of text: pieces from left to right. */
export interface Line {
  readonly pieces: readonly string[];
  readonly style: Style;
  /** Amounts are in pieces of three digits, a little apart. */
  readonly isAmount: boolean;
}

/** From one line to the next, of the font's size. */
const LEADING = 1.32;
const SMALLEST = 6;
/** Of the font's size: seen, but less than what makes programs that read the text take it for a blank. */
const GROUP_GAP = 0.085;

/** In points. */
export function widthOfLine({ pieces, style, isAmount }: Line): number {
  const gaps = isAmount ? pieces.slice(1).reduce((sum, piece) => sum + gapBefore(piece, style), 0) : 0;
  return gaps + pieces.reduce((sum, piece) => sum + widthOf(piece, style), 0);
}

/** Of one line, in points. */
export function lineHeight({ size }: Style): number {
  return size * LEADING;
}

/** In points. */
export function heightOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { style }) => sum + lineHeight(style), 0);
}

function widthOf(text: string, { font, size }: Style): number {
  return size * loadFont(font).widthOf(text);
}

/** A text as the font can show it, on as many lines as a width in points asks for. */
export function textLines(text: string, style: Style, width: number): Line[] {
  const shown = shownText(text, loadFont(style.font).characters);
  return wrap(shown, (part) => widthOf(part, style) <= width).map((line) => ({
    pieces: directionalPieces(line),
    style,
    isAmount: false,
  }));
}

/** An amount on one line, smaller if it has to be; one that is too long even so breaks between its thousands. */
export function amountLines(amount: string, style: Style, width: number): Line[] {
  const pieces = amount.split(/(?<=\d)(?=(?:\d{3})+(?!\d))(?<!\.\d*)|(?=\.)/);
  for (let size = style.size; size >= SMALLEST; size -= 0.5) {
    const line = { pieces, style: { ...style, size }, isAmount: true };
    if (widthOfLine(line) <= width) return [line];
  }
  const lines: string[][] = [[]];
  for (const piece of pieces) {
    const line = lines.at(-1) ?? [];
    if (line.length > 0 && widthOfLine({ pieces: [...line, piece], style, isAmount: true }) > width)
      lines.push([piece]);
    else line.push(piece);
  }
  return lines.map((line) => ({ pieces: line, style, isAmount: true }));
}

/** Between thousands, not before the decimals. */
export function gapBefore(piece: string, { size }: Style): number {
  return piece.startsWith('.') ? 0 : size * GROUP_GAP;
}

/** Lines that fit: broken at blanks, else anywhere between characters. */
function wrap(text: string, fits: (part: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    if (fits((line + word).trimEnd())) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []) {
      if (line !== '' && !fits((line + character).trimEnd())) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...lines, line];
}
