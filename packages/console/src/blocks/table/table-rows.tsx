import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useId, useState } from 'react';
import type { TableColumn } from './column.ts';

export interface TableRowsProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  rowKey(row: Row): string;
}

export const ROW_HEIGHT = 40;
export const ROWS_AROUND = 12;

export function PlainRows<Row>({
  columns,
  rows,
  rowKey,
  detail,
}: TableRowsProps<Row> & { detail?(row: Row): ReactNode }) {
  return (
    <tbody>
      {rows.map((row, index) =>
        detail === undefined ? (
          <TableRow key={rowKey(row)} columns={columns} row={row} index={index} />
        ) : (
          <OpenedRow key={rowKey(row)} columns={columns} row={row} index={index} detail={detail} />
        ),
      )}
    </tbody>
  );
}

interface OpenedRowProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly row: Row;
  readonly index: number;
  detail(row: Row): ReactNode;
}

/** A row with a button that shows more of it below. */
function OpenedRow<Row>({ columns, row, index, detail }: OpenedRowProps<Row>) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <>
      <tr aria-rowindex={index + 2}>
        <td>
          <button
            type="button"
            className="row-opener"
            aria-expanded={isOpen}
            {...(isOpen ? { 'aria-controls': id } : {})}
            aria-label="Details"
            onClick={() => setIsOpen(!isOpen)}
          >
            <svg
              className="row-opener-mark"
              viewBox="0 0 10 10"
              aria-hidden="true"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.6"
            >
              <path d="M3 1l4 4-4 4" />
            </svg>
          </button>
        </td>
        <Cells columns={columns} row={row} />
      </tr>
      {isOpen ? (
        <tr id={id} className="row-detail">
          <td colSpan={columns.length + 1}>{detail(row)}</td>
        </tr>
      ) : null}
    </>
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
      <Cells columns={columns} row={row} />
    </tr>
  );
}

function Cells<Row>({ columns, row }: { readonly columns: readonly TableColumn<Row>[]; readonly row: Row }) {
  return columns.map((column) => {
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
  });
}
