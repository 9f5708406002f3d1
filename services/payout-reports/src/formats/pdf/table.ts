import { amountLines, heightOf, lineHeight, type TextLine, textLines } from './lines.ts';
import type { Pages } from './pages.ts';
import type { Text } from './paragraph.ts';
import { BODY, BOLD, CELL_GAP, COLUMN_HEAD, MARGIN, NOTE, WIDTH } from './styles.ts';

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

const ROW_PADDING = 3;

/** A column with its place on the page. */
interface Box extends PdfColumn {
  readonly x: number;
  readonly boxWidth: number;
}

/** Begins a table; the titles of its columns are repeated on each page until it ends. */
export function startTable(pages: Pages, columns: readonly PdfColumn[]): PdfTable {
  const { doc } = pages;
  const boxes = boxesOf(columns);
  const titles = boxes.map(({ title, boxWidth }) => textLines(title, COLUMN_HEAD, boxWidth));
  const headHeight = Math.max(...titles.map(heightOf)) + 2 * ROW_PADDING;
  const drawCell = (lines: readonly TextLine[], index: number): void => {
    const box = boxes[index];
    if (box !== undefined) {
      pages.drawer.draw(lines, box.x, pages.y + ROW_PADDING, box.boxWidth, box.isAmount === true);
    }
  };
  const endHead = (): void => {
    pages.y += headHeight;
    pages.rule(pages.y, 1);
  };

  pages.room(headHeight + 3 * lineHeight(BODY));
  const element = doc.struct('Table');
  pages.root.add(element);
  const groups = { head: doc.struct('THead'), body: doc.struct('TBody') };
  element.add(groups.head);
  const headRow = doc.struct('TR');
  groups.head.add(headRow);
  for (const [index, title] of titles.entries()) {
    const options = { title: columns[index]?.title ?? '', scope: 'Column' };
    headRow.add(pages.tagged('TH', () => drawCell(title, index), options));
  }
  groups.head.end();
  endHead();
  element.add(groups.body);
  pages.repeated = () => {
    pages.artifact('Pagination', () => {
      for (const [index, title] of titles.entries()) {
        drawCell(title, index);
      }
    });
    endHead();
  };

  return {
    row(cells) {
      const drawn = cells.map((cell, index) => linesOf(cell, boxes[index]));
      const height = Math.max(...drawn.map(heightOf)) + 2 * ROW_PADDING;
      pages.room(height);
      const row = doc.struct('TR');
      groups.body.add(row);
      for (const [index, lines] of drawn.entries()) {
        row.add(pages.tagged('TD', () => drawCell(lines, index)));
      }
      row.end();
      pages.y += height;
      pages.rule(pages.y, 0.25);
    },
    end() {
      pages.repeated = undefined;
      element.end();
      pages.y += 8;
    },
  };
}

function boxesOf(columns: readonly PdfColumn[]): Box[] {
  const whole = columns.reduce((sum, { width }) => sum + width, 0);
  return columns.map((column, index) => {
    const before = columns.slice(0, index).reduce((sum, { width }) => sum + width, 0);
    return {
      ...column,
      x: MARGIN + (WIDTH * before) / whole,
      boxWidth: (WIDTH * column.width) / whole - (index < columns.length - 1 ? CELL_GAP : 0),
    };
  });
}

function linesOf(cell: Text | Cell, box: Box | undefined): TextLine[] {
  const { text, note, isBold = false }: Cell = isText(cell) ? { text: cell } : cell;
  const width = box?.boxWidth ?? 0;
  const style = isBold ? BOLD : BODY;
  const isAmount = box?.isAmount === true && typeof text === 'string';
  const lines = isAmount ? amountLines(text, style, width) : textLines(text, style, width);
  return note === undefined ? lines : [...lines, ...textLines(note, NOTE, width)];
}

function isText(cell: Text | Cell): cell is Text {
  return typeof cell === 'string' || Array.isArray(cell);
}
