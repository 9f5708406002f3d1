import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import { groupCount } from '../../format/counts.ts';
import { Button } from '../button.tsx';
import { compareKeys, nextOrder, readOrder, type SortKey, type TableColumn, writeOrder } from './column.ts';
import { TableHead } from './table-head.tsx';
import { PlainRows, VirtualRows } from './table-rows.tsx';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const NO_ORDER: { id: string; desc: boolean }[] = [];

/** From this many rows on, only those in sight are in the page. */
const MANY_ROWS = 200;

export interface DataTableProps<Row> {
  /** What the table shows; read out first. */
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  rowKey(row: Row): string;
  /** Order as in the address; all rows must be there, unless they come sorted. */
  readonly order?: string | undefined;
  /** The service sorts: the rows stay as they came. */
  readonly isSortedByService?: boolean;
  onOrder?(order: string): void;
  /** Says what was looked for, where there is no row. */
  readonly empty: ReactNode;
  readonly hasMore?: boolean;
  readonly isLoadingMore?: boolean;
  onMore?(): void;
  /** The rows are of another order or filter, and are being read. */
  readonly isStale?: boolean;
  /** The last page ended a search, not the list: says how far it went. */
  readonly searchNote?: string | undefined;
  /** A row of totals. */
  readonly foot?: ReactNode;
  /** What a row shows below itself once it is opened. Such a table keeps all its rows in the page: read it in small pages. */
  detail?(row: Row): ReactNode;
  /** Said of the rows next to their number, as "of 1,000,000". */
  readonly countNote?: string;
}

/** Rows with sticky headers; sorted by a press on a header, continued by a button, and only partly in the page if they are many. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, order, onOrder, empty, foot, detail, isStale = false } = props;
  const [box, setBox] = useState<HTMLElement | null>(null);
  const current = readOrder(order);
  const definitions = useMemo(() => columns.map((column) => toDefinition(column)), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    state: {
      sorting:
        current === undefined || props.isSortedByService === true
          ? NO_ORDER
          : [{ id: current.column, desc: current.isDescending }],
    },
  });
  if (rows.length === 0) {
    return (
      <>
        <div className="table-empty">{props.hasMore === true ? 'Nothing was found so far.' : empty}</div>
        {props.hasMore === true ? <TableFoot {...props} count={0} /> : null}
      </>
    );
  }
  const sorted = table.getRowModel().rows.map(({ original }) => original);
  const isVirtual = sorted.length >= MANY_ROWS && detail === undefined;
  const sort = (column: TableColumn<Row>): void =>
    onOrder?.(writeOrder(nextOrder(current, column.id, column.isNumeric === true)));
  return (
    <div>
      <section
        className={`table-box${isVirtual ? ' table-box-tall' : ''}`}
        ref={setBox}
        aria-label={caption}
        aria-busy={isStale}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
      >
        <table
          className={`table${isVirtual ? ' table-fixed' : ''}`}
          aria-rowcount={props.hasMore === true ? -1 : sorted.length + 1}
        >
          <caption className="visually-hidden">{caption}</caption>
          {isVirtual ? <Widths columns={columns} /> : null}
          <TableHead
            columns={columns}
            hasDetail={detail !== undefined}
            order={current}
            {...(onOrder === undefined ? {} : { onSort: sort })}
          />
          {isVirtual ? (
            <VirtualRows columns={columns} rows={sorted} rowKey={rowKey} box={box} />
          ) : (
            <PlainRows columns={columns} rows={sorted} rowKey={rowKey} {...(detail === undefined ? {} : { detail })} />
          )}
          {foot === undefined ? null : <tfoot>{foot}</tfoot>}
        </table>
      </section>
      <TableFoot {...props} count={sorted.length} />
    </div>
  );
}

function TableFoot<Row>({
  count,
  hasMore = false,
  isLoadingMore = false,
  onMore,
  countNote,
  isStale = false,
  searchNote,
}: DataTableProps<Row> & { readonly count: number }) {
  const notes = [countNote, searchNote].filter((note) => note !== undefined).map((note) => `, ${note}`);
  return (
    <div className="table-foot">
      <span role="status">
        {isStale
          ? 'Reading …'
          : `${groupCount(count)} ${count === 1 ? 'row' : 'rows'}${hasMore ? ' so far' : ''}${notes.join('')}`}
      </span>
      {hasMore && onMore !== undefined ? (
        <Button isSmall onPress={onMore} isBusy={isLoadingMore}>
          {isLoadingMore ? 'Reading …' : searchNote === undefined ? 'Load more' : 'Search on'}
        </Button>
      ) : null}
    </div>
  );
}

export function Widths<Row>({ columns }: { readonly columns: readonly TableColumn<Row>[] }) {
  const all = columns.reduce((sum, { width = 1 }) => sum + width, 0);
  return (
    <colgroup>
      {columns.map(({ id, width = 1 }) => (
        <col key={id} style={{ width: `${(100 * width) / all}%` }} />
      ))}
    </colgroup>
  );
}

function toDefinition<Row extends object>({ id, sortKey }: TableColumn<Row>): ColumnDef<typeof features, Row> {
  return {
    id,
    accessorFn: (row: Row) => sortKey?.(row) ?? null,
    enableSorting: sortKey !== undefined,
    sortFn: (a, b) => compareKeys(a.getValue<SortKey>(id), b.getValue<SortKey>(id)),
  };
}
