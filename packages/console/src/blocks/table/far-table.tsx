import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useState } from 'react';
import { groupCount } from '../../format/counts.ts';
import { nextOrder, readOrder, type TableColumn, writeOrder } from './column.ts';
import { Widths } from './data-table.tsx';
import { TableHead } from './table-head.tsx';
import { ROW_HEIGHT, ROWS_AROUND, Spacer, TableRow } from './table-rows.tsx';

export interface FarTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  /** How many rows there are, wherever they are. */
  readonly count: number;
  /** Undefined: it is not here yet, and is asked for. */
  rowAt(index: number): Row | undefined;
  rowKey(row: Row): string;
  readonly order: string | undefined;
  onOrder(order: string): void;
  readonly empty: ReactNode;
  readonly countNote?: string;
}

/** A table of rows that are ordered and held elsewhere: only those in sight are here. */
export function FarTable<Row extends object>(props: FarTableProps<Row>) {
  const { caption, columns, count, rowAt, rowKey, order, onOrder, empty, countNote } = props;
  const [box, setBox] = useState<HTMLElement | null>(null);
  const current = readOrder(order);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_AROUND,
  });
  if (count === 0) {
    return <div className="table-empty">{empty}</div>;
  }
  const items = virtual.getVirtualItems();
  return (
    <div>
      <section
        className="table-box table-box-tall"
        ref={setBox}
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
      >
        <table className="table table-fixed" aria-rowcount={count + 1}>
          <caption className="visually-hidden">{caption}</caption>
          <Widths columns={columns} />
          <TableHead
            columns={columns}
            order={current}
            onSort={(column) => onOrder(writeOrder(nextOrder(current, column.id, column.isNumeric === true)))}
          />
          <tbody>
            <Spacer height={items[0]?.start ?? 0} width={columns.length} />
            {items.map(({ index }) => {
              const row = rowAt(index);
              return row === undefined ? (
                <tr key={`at ${index}`} aria-rowindex={index + 2}>
                  <td colSpan={columns.length} className="quiet">
                    …
                  </td>
                </tr>
              ) : (
                <TableRow
                  key={rowKey(row)}
                  columns={columns}
                  row={row}
                  index={index}
                  measure={virtual.measureElement}
                />
              );
            })}
            <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} width={columns.length} />
          </tbody>
        </table>
      </section>
      <div className="table-foot">
        <span role="status">
          {groupCount(count)} {count === 1 ? 'row' : 'rows'}
          {countNote === undefined ? '' : `, ${countNote}`}
        </span>
      </div>
    </div>
  );
}
