import { setImmediate as others } from 'node:timers/promises';
import type { Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { type FontName, loadFont, RIGHT_TO_LEFT } from './fonts.ts';
import {
  amountLines,
  gapBefore,
  heightOf,
  lineHeight,
  type Style,
  type TextLine,
  textLines,
  widthOfLine,
} from './lines.ts';
import type { Text } from './paragraph.ts';

declare global {
  namespace PDFKit.Mixins {
    interface PDFFont {
      /** A font that lays text out itself; the type declarations do not have it yet. */
      font(font: Font, name: string): this;
    }
  }
}

/** What a document is, besides its contents. */
export interface PdfHead {
  readonly title: string;
  readonly subject: string;
  /** The date of what it says, not of its making: the same contents give the same bytes. */
  readonly createdAt: Date;
  /** At the foot of every page. */
  readonly foot: Text;
}

/** A cell: a text, or an amount; with something smaller below. */
export interface Cell {
  readonly text: Text;
  readonly note?: Text;
  readonly isBold?: boolean;
}

/** A column; widths are whole of the line. An amount is aligned to the right, with its thousands a little apart. */
export interface PdfColumn {
  readonly title: string;
  readonly width: number;
  readonly isAmount?: boolean;
}

export interface PdfTable {
  row(cells: readonly (Text | Cell)[]): void;
  end(): void;
}

/** Writes a document from top to bottom; pages are added as they fill. */
export interface PdfWriter {
  heading(text: Text): void;
  paragraph(text: Text): void;
  /** Names and values, one below the other. */
  facts(rows: readonly (readonly [name: string, value: Text])[]): void;
  table(columns: readonly PdfColumn[]): PdfTable;
}

/** Contents, written piece by piece; what is finished at each `yield` is sent. */
export type PdfContents = (writer: PdfWriter) => AsyncGenerator<void, void, undefined>;

/** Rows of a table between two `yield`s. */
export const ROWS_AT_ONCE = 50;

// Points. A4 is ISO 216's.
const MARGIN = 48;
const WIDTH = 595.28 - 2 * MARGIN;
const BOTTOM = 841.89 - 64;
const SIZE = 8.5;
const SMALL = 7;
const CELL_GAP = 8;
const ROW_PADDING = 3;
const FACT_NAME_WIDTH = 110;
const INK = '#1a1a1a';
const GREY = '#5f5f5f';
const RULE = '#b8b8b8';
/** From the top of a line to its baseline, of the font's size: DejaVu's. */
const ASCENT = 0.93;

const BODY: Style = { font: 'regular', size: SIZE, color: INK };
const BOLD: Style = { font: 'bold', size: SIZE, color: INK };
const NOTE: Style = { font: 'regular', size: SMALL, color: GREY };
const LABEL: Style = { font: 'regular', size: SIZE, color: GREY };
const TITLE: Style = { font: 'bold', size: 17, color: INK };
const HEADING: Style = { font: 'bold', size: 11, color: INK };
const COLUMN_HEAD: Style = { font: 'bold', size: SMALL, color: INK };

function isText(cell: Text | Cell): cell is Text {
  return typeof cell === 'string' || Array.isArray(cell);
}

/**
 * A tagged PDF with `page x of y`, piece by piece. The contents are written twice, the first time only to count the pages: so no page
 * is kept in memory. Throws if the two passes differ in their number of pages.
 */
export async function* writePdf(head: PdfHead, contents: PdfContents): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const step of writeOnce(head, contents, undefined)) {
    if (typeof step === 'number') {
      total = step;
    }
  }
  for await (const step of writeOnce(head, contents, total)) {
    if (typeof step !== 'number') {
      yield step;
    } else if (step !== total) {
      throw new Error(`the document has ${step} pages, but had ${total} when they were counted`);
    }
  }
}

/** The document's bytes, and at the end its number of pages. */
async function* writeOnce(
  head: PdfHead,
  contents: PdfContents,
  total: number | undefined,
): AsyncGenerator<Uint8Array | number, void, undefined> {
  const info = {
    Title: head.title,
    Subject: head.subject,
    Producer: 'Rewardbook',
    Creator: 'Rewardbook',
    CreationDate: head.createdAt,
  };
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0, // pages are begun here, never by pdfkit
    autoFirstPage: false,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    info,
  });
  const { writer, end } = writerOf(doc, head, total);
  for await (const _ of contents(writer)) {
    await others(); // layout takes processor time: requests are answered in between
    for (let chunk = doc.read(); chunk !== null; chunk = doc.read()) {
      if (total !== undefined) {
        yield chunk;
      }
    }
  }
  const pages = end();
  doc.end();
  for await (const chunk of doc) {
    if (total !== undefined) {
      yield chunk;
    }
  }
  yield pages;
}

function writerOf(doc: PDFKit.PDFDocument, head: PdfHead, total: number | undefined) {
  const root = doc.struct('Document');
  doc.addStructure(root);
  const fonts = new Map<FontName, Font>();
  let pages = 0;
  let y = 0;
  /** What is repeated at the top of each page. */
  let repeated: (() => void) | undefined;

  function draw(lines: readonly TextLine[], x: number, top: number, width: number, isRight: boolean): void {
    if (total === undefined) {
      return;
    }
    let at = top;
    for (const [number, line] of lines.entries()) {
      doc.fontSize(line.style.size).fillColor(line.style.color);
      // Joined or moved glyphs do not reveal their text. Readers reverse right-to-left text themselves.
      const isNamed = line.runs.some(({ isPlain }) => !isPlain) && !line.runs.some((run) => run.isRightToLeft);
      if (isNamed) {
        doc.markContent('Span', { actual: line.text });
      }
      const end = drawRuns(line, isRight ? x + width - widthOfLine(line) : x, at + line.style.size * ASCENT);
      // A blank between the lines of one text, so that screen readers do not join their words.
      if (number < lines.length - 1 && !line.isAmount) {
        put(' ', line.style.font, end, at + line.style.size * ASCENT, false);
      }
      if (isNamed) {
        doc.endMarkedContent();
      }
      at += lineHeight(line.style);
    }
  }

  /** @returns where it ends */
  function drawRuns({ runs, style, isAmount }: TextLine, start: number, baseline: number): number {
    let left = start;
    for (const [index, { text, font, width, isRightToLeft }] of runs.entries()) {
      if (isAmount && index > 0) {
        left += gapBefore(text, style);
      }
      put(text, font, left, baseline, isRightToLeft);
      left += width * style.size;
    }
    return left;
  }

  function fontOf(name: FontName): Font {
    const font = fonts.get(name) ?? loadFont(name).open();
    fonts.set(name, font);
    return font;
  }

  function put(text: string, font: FontName, left: number, baseline: number, isRightToLeft: boolean): void {
    // With features given, even an empty list, a text is laid out as a whole: else pdfkit caches each word forever.
    doc.font(fontOf(font), font).text(text, left, baseline, {
      lineBreak: false,
      features: isRightToLeft ? [RIGHT_TO_LEFT] : [],
      baseline: 'alphabetic',
    });
  }

  function artifact(type: 'Pagination' | 'Layout', put: () => void): void {
    doc.markContent('Artifact', { type });
    put();
    doc.endMarkedContent();
  }

  function tagged(
    tag: string,
    put: () => void,
    options: PDFKit.Mixins.StructureElementOptions = {},
  ): PDFKit.PDFStructureElement {
    const content = doc.markStructureContent(tag);
    put();
    doc.endMarkedContent();
    return doc.struct(tag, options, [content]);
  }

  function rule(at: number, width = 0.5): void {
    artifact('Layout', () => {
      doc
        .moveTo(MARGIN, at)
        .lineTo(MARGIN + WIDTH, at)
        .lineWidth(width)
        .strokeColor(RULE)
        .stroke();
    });
  }

  function foot(): void {
    artifact('Pagination', () => {
      const at = BOTTOM + 14;
      draw(textLines(head.foot, NOTE, WIDTH - 90).slice(0, 2), MARGIN, at, WIDTH - 90, false);
      draw(textLines(`Page ${pages} of ${total ?? 0}`, NOTE, WIDTH), MARGIN, at, WIDTH, true);
    });
  }

  function room(height: number): void {
    if (pages > 0 && y + height <= BOTTOM) {
      return;
    }
    if (pages > 0) {
      foot();
    }
    doc.addPage();
    pages += 1;
    y = MARGIN;
    repeated?.();
  }

  function block(tag: string, lines: readonly TextLine[], before: number, after: number, keepWith = 0): void {
    room(before + heightOf(lines) + after + keepWith);
    if (y > MARGIN) {
      y += before;
    }
    root.add(tagged(tag, () => draw(lines, MARGIN, y, WIDTH, false)));
    y += heightOf(lines) + after;
  }

  function facts(rows: readonly (readonly [string, Text])[]): void {
    const list = doc.struct('L');
    root.add(list);
    for (const [name, value] of rows) {
      const names = textLines(name, LABEL, FACT_NAME_WIDTH - CELL_GAP);
      const values = textLines(value, BODY, WIDTH - FACT_NAME_WIDTH);
      const height = Math.max(heightOf(names), heightOf(values));
      room(height);
      const item = doc.struct('LI');
      list.add(item);
      item.add(tagged('Lbl', () => draw(names, MARGIN, y, FACT_NAME_WIDTH, false)));
      item.add(tagged('LBody', () => draw(values, MARGIN + FACT_NAME_WIDTH, y, WIDTH - FACT_NAME_WIDTH, false)));
      item.end();
      y += height + 2;
    }
    list.end();
    y += 4;
  }

  function table(columns: readonly PdfColumn[]): PdfTable {
    const whole = columns.reduce((sum, { width }) => sum + width, 0);
    const boxes = columns.map(({ width }, index) => {
      const before = columns.slice(0, index).reduce((sum, column) => sum + column.width, 0);
      return {
        x: MARGIN + (WIDTH * before) / whole,
        width: (WIDTH * width) / whole - (index < columns.length - 1 ? CELL_GAP : 0),
      };
    });
    const titles = columns.map(({ title }, index) => textLines(title, COLUMN_HEAD, boxes[index]?.width ?? 0));
    const headHeight = Math.max(...titles.map(heightOf)) + 2 * ROW_PADDING;
    const drawCell = (lines: readonly TextLine[], index: number): void => {
      const box = boxes[index];
      if (box !== undefined) {
        draw(lines, box.x, y + ROW_PADDING, box.width, columns[index]?.isAmount === true);
      }
    };
    const endHead = (): void => {
      y += headHeight;
      rule(y, 1);
    };

    room(headHeight + 3 * lineHeight(BODY));
    const element = doc.struct('Table');
    root.add(element);
    const groups = { head: doc.struct('THead'), body: doc.struct('TBody') };
    element.add(groups.head);
    const headRow = doc.struct('TR');
    groups.head.add(headRow);
    for (const [index, title] of titles.entries()) {
      const options = { title: columns[index]?.title ?? '', scope: 'Column' };
      headRow.add(tagged('TH', () => drawCell(title, index), options));
    }
    groups.head.end();
    endHead();
    element.add(groups.body);
    repeated = () => {
      artifact('Pagination', () => {
        for (const [index, title] of titles.entries()) {
          drawCell(title, index);
        }
      });
      endHead();
    };

    return {
      row(cells) {
        const drawn = cells.map((cell, index) => {
          const { text, note, isBold = false }: Cell = isText(cell) ? { text: cell } : cell;
          const width = boxes[index]?.width ?? 0;
          const style = isBold ? BOLD : BODY;
          const isAmount = columns[index]?.isAmount === true && typeof text === 'string';
          const lines = isAmount ? amountLines(text, style, width) : textLines(text, style, width);
          return note === undefined ? lines : [...lines, ...textLines(note, NOTE, width)];
        });
        const height = Math.max(...drawn.map(heightOf)) + 2 * ROW_PADDING;
        room(height);
        const row = doc.struct('TR');
        groups.body.add(row);
        for (const [index, lines] of drawn.entries()) {
          row.add(tagged('TD', () => drawCell(lines, index)));
        }
        row.end();
        y += height;
        rule(y, 0.25);
      },
      end() {
        repeated = undefined;
        element.end();
        y += 8;
      },
    };
  }

  const writer: PdfWriter = {
    heading: (text) => {
      const style = pages === 0 ? TITLE : HEADING;
      block(pages === 0 ? 'H1' : 'H2', textLines(text, style, WIDTH), 12, pages === 0 ? 8 : 4, 40);
    },
    paragraph: (text) => block('P', textLines(text, BODY, WIDTH), 2, 6),
    facts,
    table,
  };
  const end = (): number => {
    room(0);
    foot();
    root.end();
    return pages;
  };
  return { writer, end };
}
