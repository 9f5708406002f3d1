import { useVirtualizer } from '@tanstack/react-virtual';
import type { TableColumn } from './column.ts';

export interface TableRowsProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  rowKey(row: Row): string;
}

export const ROW_HEIGHT = 40;
export const ROWS_AROUND = 12;

export function PlainRows<Row>({ columns, rows, rowKey }: TableRowsProps<Row>) {
  return (
    <tbody>
      {rows.map((row, index) => (
        <TableRow key={rowKey(row)} columns={columns} row={row} index={index} />
      ))}
    </tbody>
  );
}

/** The rows in sight, between two rows as high as what is above and below. */
export function VirtualRows<Row>({
  columns,
  rows,
  rowKey,
  box,
}: TableRowsProps<Row> & { readonly box: HTMLElement | null }) {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_AROUND,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <tbody>
      <Spacer height={above} width={columns.length} />
      {items.map(({ index }) => {
        const row = rows[index];
        return row === undefined ? null : (
          <TableRow key={rowKey(row)} columns={columns} row={row} index={index} measure={virtual.measureElement} />
        );
      })}
      <Spacer height={below} width={columns.length} />
    </tbody>
  );
}

export function Spacer({ height, width }: { readonly height: number; readonly width: number }) {
  return height <= 0 ? null : (
    <tr className="spacer">
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}

export function TableRow<Row>({
  columns,
  row,
  index,
  measure,
}: {
  readonly columns: readonly TableColumn<Row>[];
  readonly row: Row;
  readonly index: number;
  /** Notes the height of a row that is not always in the page. */
  measure?(element: HTMLElement | null): void;
}) {
  return (
    <tr aria-rowindex={index + 2} data-index={index} {...(measure === undefined ? {} : { ref: measure })}>
      {columns.map((column) => {
        const className = column.isNumeric === true ? 'end' : undefined;
        return column.isRowHeader === true ? (
          <th key={column.id} scope="row" className={className}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.id} className={className}>
            {column.cell(row)}
          </td>
        );
      })}
    </tr>
  );
}
