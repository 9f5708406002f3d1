import type { Order, TableColumn } from './column.ts';

export interface TableHeadProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly order: Order | undefined;
  readonly hasDetail?: boolean;
  onSort?(column: TableColumn<Row>): void;
}

export function TableHead<Row>({ columns, order, hasDetail = false, onSort }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {hasDetail === true ? (
          <th scope="col">
            <span className="visually-hidden">Details</span>
          </th>
        ) : null}
        {columns.map((column) => {
          const sorted = order?.column === column.id ? order : undefined;
          const isSortable = onSort !== undefined && (column.sortKey !== undefined || column.isSortable === true);
          return (
            <th
              key={column.id}
              scope="col"
              className={column.isNumeric === true ? 'end' : undefined}
              aria-sort={sorted === undefined ? undefined : sorted.isDescending ? 'descending' : 'ascending'}
            >
              {isSortable ? (
                <button
                  type="button"
                  className="sort"
                  data-sorted={sorted === undefined ? undefined : ''}
                  onClick={() => onSort(column)}
                >
                  {column.header}
                  <SortMark order={sorted} />
                </button>
              ) : (
                column.header
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function SortMark({ order }: { readonly order: Order | undefined }) {
  const shape = order === undefined ? 'M2 4l3-3 3 3M2 6l3 3 3-3' : order.isDescending ? 'M1 3l4 5 4-5' : 'M1 7l4-5 4 5';
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.6">
      <path d={shape} />
    </svg>
  );
}
