import { strToU8, Zip, ZipDeflate } from 'fflate';
import stringWidth from 'string-width';

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

/** A column of a sheet. Spreadsheets hold numbers as doubles: a decimal has its exact text in the next column. */
export interface XlsxColumn {
  readonly name: string;
  readonly isDecimal: boolean;
}

/** Excel's limit, header included. */
const MAX_SHEET_ROWS = 1_048_576;
/** Rows whose texts determine the columns' widths; later ones are not known yet when the widths are written. */
const ROWS_MEASURED = 100;
/** In characters. */
const MAX_COLUMN_WIDTH = 60;
// Most of a sheet is repeated tags: a higher level is slower, and the file hardly smaller.
const LEVEL = 1;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_HEAD = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`;
const SHEET_END = '</sheetData></worksheet>';

/**
 * A report as an XLSX workbook (ECMA-376, strings in their cells), piece by piece: memory stays flat. A new sheet
 * begins at Excel's limit of rows. Text is text and is never run as a formula.
 *
 * @param maxSheetRows rows of a sheet, its header included
 */
export async function* writeXlsx(
  columns: readonly XlsxColumn[],
  batches: AsyncIterable<readonly Row[]>,
  maxSheetRows = MAX_SHEET_ROWS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const archive = openArchive();
  const header = headerRow(columns);
  let sheets = 0;
  let rowsLeft = 0;
  let sheet: ((text: string, isLast: boolean) => void) | undefined;
  const begin = (rows: readonly Row[]): ((text: string, isLast: boolean) => void) => {
    sheets += 1;
    rowsLeft = maxSheetRows - 1;
    const next = archive.file(`xl/worksheets/sheet${sheets}.xml`);
    next(`${SHEET_HEAD}${columnWidths(columns, rows)}<sheetData>${header}`, false);
    return next;
  };
  for await (const rows of batches) {
    for (let from = 0; from < rows.length; ) {
      if (rowsLeft === 0) {
        sheet?.(SHEET_END, true);
        sheet = begin(rows.slice(from));
      }
      const part = rows.slice(from, from + rowsLeft);
      sheet?.(part.map((row) => dataRow(columns, row)).join(''), false);
      from += part.length;
      rowsLeft -= part.length;
    }
    yield* archive.taken();
  }
  (sheet ?? begin([]))(SHEET_END, true);
  for (const [name, text] of workbookParts(sheets)) {
    archive.file(name)(text, true);
  }
  archive.end();
  yield* archive.taken();
}

function openArchive() {
  let pieces: Uint8Array[] = [];
  const zip = new Zip((error, data) => {
    if (error !== null) {
      throw error;
    }
    pieces.push(data);
  });
  return {
    file(name: string): (text: string, isLast: boolean) => void {
      const entry = new ZipDeflate(name, { level: LEVEL });
      zip.add(entry);
      return (text, isLast) => entry.push(strToU8(text), isLast);
    },
    /** What is ready to be sent, once. */
    taken(): Uint8Array[] {
      const ready = pieces;
      pieces = [];
      return ready;
    },
    end: () => zip.end(),
  };
}

function headerRow(columns: readonly XlsxColumn[]): string {
  const names = columns.flatMap(({ name, isDecimal }) => (isDecimal ? [name, `${name}_text`] : [name]));
  return `<row>${names.map(textCell).join('')}</row>`;
}

/** As wide as the header and the first rows ask for; wide characters count twice. */
function columnWidths(columns: readonly XlsxColumn[], rows: readonly Row[]): string {
  const measured = rows.slice(0, ROWS_MEASURED);
  const widths = columns.flatMap(({ name, isDecimal }) => {
    const cells = measured.map((row) => stringWidth(String(row[name] ?? '')));
    const titles = isDecimal ? [name, `${name}_text`] : [name];
    return titles.map((title) => Math.min(MAX_COLUMN_WIDTH, Math.max(stringWidth(title), ...cells)) + 2);
  });
  const columnOf = (width: number, index: number): string =>
    `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
  return widths.length === 0 ? '' : `<cols>${widths.map(columnOf).join('')}</cols>`;
}

function dataRow(columns: readonly XlsxColumn[], row: Row): string {
  let cells = '';
  for (const { name, isDecimal } of columns) {
    const value = row[name] ?? null;
    if (value === null) {
      cells += isDecimal ? '<c/><c/>' : '<c/>';
    } else if (isDecimal) {
      cells += `<c><v>${value}</v></c>${textCell(String(value))}`;
    } else {
      cells += typeof value === 'number' ? `<c><v>${value}</v></c>` : textCell(value);
    }
  }
  return `<row>${cells}</row>`;
}

function textCell(text: string): string {
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;
}

const SPECIAL = /[&<>\ufffe\uffff]|[^\P{Cc}\t\n\r]|_(?=x[0-9A-Fa-f]{4}_)/u;
const ALL_SPECIAL = new RegExp(SPECIAL, 'gu');

/** XML text. `_x0041_` would be read as a character's code (ECMA-376, ST_Xstring); what XML cannot have becomes U+FFFD. */
function escapeText(text: string): string {
  return SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] ?? '\ufffd') : text;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', _: '_x005F_' };

function workbookParts(sheets: number): readonly (readonly [name: string, text: string])[] {
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const each = (part: (n: number) => string): string => numbers.map(part).join('');
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return [
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${each((n) => `<sheet name="Report${n === 1 ? '' : ` ${n}`}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each((n) => `<Relationship Id="rId${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}</Relationships>`,
    ],
    [
      '_rels/.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}</Types>`,
    ],
  ];
}
