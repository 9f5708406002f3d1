import type { Font } from 'fontkit';
import { type FontName, loadFont, RIGHT_TO_LEFT } from './fonts.ts';
import { gapBefore, lineHeight, type TextLine, widthOfLine } from './lines.ts';

declare global {
  namespace PDFKit.Mixins {
    interface PDFFont {
      /** A font that lays text out itself; the type declarations do not have it yet. */
      font(font: Font, name: string): this;
    }
  }
}

/** From the top of a line to its baseline, of the font's size: DejaVu's. */
const ASCENT = 0.93;

/** Draws lines of text into a document. */
export class LineDrawer {
  readonly #doc: PDFKit.PDFDocument;
  readonly #isCounting: boolean;
  readonly #fonts = new Map<FontName, Font>();

  /** @param isCounting whether pages are only counted: then nothing is drawn */
  constructor(doc: PDFKit.PDFDocument, isCounting: boolean) {
    this.#doc = doc;
    this.#isCounting = isCounting;
  }

  /** Lines, one below the other, in a box; aligned to its right or left. Lengths in points. */
  draw(lines: readonly TextLine[], x: number, top: number, width: number, isRight: boolean): void {
    if (this.#isCounting) {
      return;
    }
    const doc = this.#doc;
    let at = top;
    for (const [number, line] of lines.entries()) {
      doc.fontSize(line.style.size).fillColor(line.style.color);
      // Joined or moved glyphs do not reveal their text. Readers reverse right-to-left text themselves.
      const isNamed = line.runs.some(({ isPlain }) => !isPlain) && !line.runs.some((run) => run.isRightToLeft);
      if (isNamed) {
        doc.markContent('Span', { actual: line.text });
      }
      const baseline = at + line.style.size * ASCENT;
      const end = this.#drawRuns(line, isRight ? x + width - widthOfLine(line) : x, baseline);
      // A blank between the lines of one text, so that screen readers do not join their words.
      if (number < lines.length - 1 && !line.isAmount) {
        this.#put(' ', line.style.font, end, baseline, false);
      }
      if (isNamed) {
        doc.endMarkedContent();
      }
      at += lineHeight(line.style);
    }
  }

  /** @returns where it ends */
  #drawRuns({ runs, style, isAmount }: TextLine, start: number, baseline: number): number {
    let left = start;
    for (const [index, { text, font, width, isRightToLeft }] of runs.entries()) {
      if (isAmount && index > 0) {
        left += gapBefore(text, style);
      }
      this.#put(text, font, left, baseline, isRightToLeft);
      left += width * style.size;
    }
    return left;
  }

  #put(text: string, font: FontName, left: number, baseline: number, isRightToLeft: boolean): void {
    // With features given, even an empty list, a text is laid out as a whole: else pdfkit caches each word forever.
    this.#doc.font(this.#fontOf(font), font).text(text, left, baseline, {
      lineBreak: false,
      features: isRightToLeft ? [RIGHT_TO_LEFT] : [],
      baseline: 'alphabetic',
    });
  }

  #fontOf(name: FontName): Font {
    const font = this.#fonts.get(name) ?? loadFont(name).open();
    this.#fonts.set(name, font);
    return font;
  }
}
