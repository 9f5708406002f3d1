import type { ReactNode } from 'react';
import type { TableColumn } from './column.ts';

/** The foot of a table: what it is of, and a sum under each column that has one. */
export function TotalsRow<Row>({
  columns,
  label,
  sums,
}: {
  readonly columns: readonly TableColumn<Row>[];
  readonly label: ReactNode;
  /** By the id of the column. */
  readonly sums: Readonly<Record<string, ReactNode>>;
}) {
  return (
    <tr>
      {columns.map(({ id, isRowHeader }) =>
        isRowHeader === true ? (
          <th key={id} scope="row">
            {label}
          </th>
        ) : (
          <td key={id} className="end">
            {sums[id]}
          </td>
        ),
      )}
    </tr>
  );
}
