import { visible } from '@rewardbook/contracts/values/visible';
import stringWidth from 'string-width';

/** A column of a table for people: figures are aligned right. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows as text in aligned columns, two blanks between them; cells that differ look different. */
export function renderTable(columns: readonly Column[], given: readonly (readonly string[])[]): string {
  const rows = given.map((cells) => cells.map((cell) => (cell === '' ? '' : visible(cell))));
  const widths = columns.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, stringWidth(row[index] ?? '')), stringWidth(title)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const blanks = blanksAfter(cell, widths[index] ?? 0);
        return align === 'right' ? blanks + cell : cell + blanks;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return `${[line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join('\n')}\n`;
}

/** Names and values, a line each, aligned. */
export function renderFacts(facts: readonly (readonly [string, string])[]): string {
  const width = facts.reduce((most, [name]) => Math.max(most, stringWidth(name)), 0);
  return facts.map(([name, value]) => `${name}${blanksAfter(name, width)}  ${value}\n`).join('');
}

/** What a text is short of a width on a terminal, where wide characters take two columns and marks none. */
function blanksAfter(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** A decimal with its thousands apart: `"1500000.00"` is `1,500,000.00`. Works on the text: nothing is rounded. */
export function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/** A count with its thousands apart. */
export function groupedCount(count: number): string {
  return grouped(String(count));
}
