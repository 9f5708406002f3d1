import { setImmediate as others } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { heightOf, textLines } from './lines.ts';
import { Pages } from './pages.ts';
import type { Text } from './paragraph.ts';
import { BODY, CELL_GAP, HEADING, LABEL, MARGIN, TITLE, WIDTH } from './styles.ts';
import { type PdfColumn, type PdfTable, startTable } from './table.ts';

/** What a document is, besides its contents. */
export interface PdfHead {
  readonly title: string;
  readonly subject: string;
  /** The date of what it says, not of its making: the same contents give the same bytes. */
  readonly createdAt: Date;
  /** At the foot of every page. */
  readonly foot: Text;
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

const FACT_NAME_WIDTH = 110;
const VALUE_WIDTH = WIDTH - FACT_NAME_WIDTH;

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
  const pages = new Pages(doc, head.foot, total);
  for await (const _ of contents(writerOn(pages))) {
    await others(); // layout takes processor time: requests are answered in between
    for (let chunk = doc.read(); chunk !== null; chunk = doc.read()) {
      if (total !== undefined) {
        yield chunk;
      }
    }
  }
  const count = pages.end();
  doc.end();
  for await (const chunk of doc) {
    if (total !== undefined) {
      yield chunk;
    }
  }
  yield count;
}

function writerOn(pages: Pages): PdfWriter {
  return {
    heading: (text) => {
      const isFirst = pages.count === 0;
      pages.block(isFirst ? 'H1' : 'H2', textLines(text, isFirst ? TITLE : HEADING, WIDTH), 12, isFirst ? 8 : 4, 40);
    },
    paragraph: (text) => pages.block('P', textLines(text, BODY, WIDTH), 2, 6),
    facts: (rows) => drawFacts(pages, rows),
    table: (columns) => startTable(pages, columns),
  };
}

function drawFacts(pages: Pages, rows: readonly (readonly [name: string, value: Text])[]): void {
  const { doc, drawer } = pages;
  const list = doc.struct('L');
  pages.root.add(list);
  for (const [name, value] of rows) {
    const names = textLines(name, LABEL, FACT_NAME_WIDTH - CELL_GAP);
    const values = textLines(value, BODY, VALUE_WIDTH);
    const height = Math.max(heightOf(names), heightOf(values));
    pages.room(height);
    const item = doc.struct('LI');
    list.add(item);
    item.add(pages.tagged('Lbl', () => drawer.draw(names, MARGIN, pages.y, FACT_NAME_WIDTH, false)));
    item.add(pages.tagged('LBody', () => drawer.draw(values, MARGIN + FACT_NAME_WIDTH, pages.y, VALUE_WIDTH, false)));
    item.end();
    pages.y += height + 2;
  }
  list.end();
  pages.y += 4;
}
