import { Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { wordsOf } from './provision-words.ts';
import { type Provision, type ProvisionChange, provisionsOf } from './provisions.ts';

/** All that a policy says. */
export function ProvisionsTable({ caption, policy }: { readonly caption: string; readonly policy: unknown }) {
  return (
    <DataTable
      caption={caption}
      columns={PROVISION_COLUMNS}
      rows={provisionsOf(policy)}
      rowKey={({ path }) => path}
      empty="The policy says nothing."
    />
  );
}

export interface ChangesTableProps {
  readonly caption: string;
  /** Names of the two policies. */
  readonly before: string;
  readonly after: string;
  readonly changes: readonly ProvisionChange[];
}

/** Provisions of two policies, old → new. */
export function ChangesTable({ caption, before, after, changes }: ChangesTableProps) {
  const columns: TableColumn<ProvisionChange>[] = [
    PLACE,
    { id: 'before', header: before, cell: (change) => <Value text={change.before} /> },
    { id: 'after', header: after, cell: (change) => <Value text={change.after} /> },
    {
      id: 'changed',
      header: 'Change',
      width: 0.6,
      cell: ({ isChanged, before: was, after: is }) =>
        isChanged ? <Badge tone="warn">{was === null ? 'new' : is === null ? 'gone' : 'changed'}</Badge> : <Nothing />,
    },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={changes}
      rowKey={({ path }) => path}
      empty="No provision differs."
    />
  );
}

const PLACE: TableColumn<{ readonly path: string }> = {
  id: 'provision',
  header: 'Provision',
  isRowHeader: true,
  width: 1.6,
  cell: ({ path }) => {
    const words = wordsOf(path);
    return words === undefined ? (
      <code>{path}</code>
    ) : (
      <>
        {words} <code className="small quiet">{path}</code>
      </>
    );
  },
};

const PROVISION_COLUMNS: readonly TableColumn<Provision>[] = [
  PLACE,
  { id: 'value', header: 'Says', cell: ({ text }) => <Value text={text} /> },
];

function Value({ text }: { readonly text: string | null }) {
  return text === null ? <Nothing /> : <Name>{text}</Name>;
}
