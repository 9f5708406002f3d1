import { type KeyOut, keyOutSchema } from '@rewardbook/contracts/api/access/keys';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { path } from '../api/client.ts';
import { useCommand } from '../api/command.ts';
import { wholeList } from '../api/pages.ts';
import { Nothing } from '../blocks/amount.tsx';
import { StatusBadge } from '../blocks/badge.tsx';
import { Button } from '../blocks/button.tsx';
import { ConfirmDialog } from '../blocks/dialog.tsx';
import { Instant } from '../blocks/instant.tsx';
import { Name } from '../blocks/name.tsx';
import { Failure, Notice, Pending } from '../blocks/notice.tsx';
import type { TableColumn } from '../blocks/table/column.ts';
import { DataTable } from '../blocks/table/data-table.tsx';
import { missingRight, usePerson } from '../session/session.ts';
import { Page } from '../shell/page.tsx';
import { CreateKey } from './create-key.tsx';

/** API keys: who may do what. */
export function KeysPage() {
  const person = usePerson();
  const canManage = person.can('approve');
  const ofPrograms = person.programs === null ? '' : ` You see those that are only for ${person.programs.join(', ')}.`;
  const keys = useQuery({ ...wholeList({ service: 'ledger', path: '/v1/keys' }, keyOutSchema), enabled: canManage });
  const [revoked, setRevoked] = useState<KeyOut>();
  const columns = useMemo(() => columnsOf(setRevoked), []);
  const revoke = useCommand(
    (keyId: number) => ({ service: 'ledger', method: 'DELETE', path: path`/v1/keys/${String(keyId)}` }),
    keyOutSchema,
  );
  return (
    <Page
      title="Keys"
      lead={`A key says who asks, what they may do, and for which programs. Its secret is shown once, when it is made.${ofPrograms}`}
      actions={canManage ? <CreateKey /> : undefined}
    >
      {canManage ? null : (
        <Notice tone="info" title="Keys are not shown to you">
          {missingRight('approve', person.name)} Who has it makes and revokes keys.
        </Notice>
      )}
      {canManage && keys.isPending ? <Pending what="the keys" /> : null}
      {keys.isError ? (
        <Failure error={keys.error} what="Could not read the keys" retry={() => void keys.refetch()} />
      ) : null}
      {keys.data === undefined ? null : (
        <DataTable
          caption="API keys"
          columns={columns}
          rows={keys.data.items}
          rowKey={({ keyId }) => String(keyId)}
          empty="There is no key."
        />
      )}
      <ConfirmDialog
        title="Revoke this key?"
        isOpen={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        verb="Revoke the key"
        isDangerous
        isBusy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => {
          if (revoked !== undefined) {
            revoke.mutate(revoked.keyId, { onSuccess: () => setRevoked(undefined) });
          }
        }}
      >
        {revoked === undefined ? null : (
          <p>
            <Name>{revoked.name}</Name> is no longer let in, within a second and permanently. Sessions with this key
            end. What it did stays in the books under its name.
          </p>
        )}
      </ConfirmDialog>
    </Page>
  );
}

function columnsOf(onRevoke: (key: KeyOut) => void): TableColumn<KeyOut>[] {
  return [
    { id: 'name', header: 'Name', isRowHeader: true, cell: ({ name }) => <Name>{name}</Name> },
    { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
    { id: 'scopes', header: 'May', cell: ({ scopes }) => scopes.join(', ') },
    {
      id: 'programs',
      header: 'For',
      cell: ({ programs }) => (programs === null ? 'all programs' : programs.join(', ')),
    },
    { id: 'created', header: 'Made', cell: ({ createdAt }) => <Instant at={createdAt} /> },
    {
      id: 'by',
      header: 'By',
      cell: ({ createdBy }) => (createdBy === null ? 'an operator' : <Name>{createdBy}</Name>),
    },
    {
      id: 'expires',
      header: 'Ends',
      cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Instant at={expiresAt} />),
    },
    {
      id: 'revoke',
      header: 'Revoke',
      cell: (key) =>
        key.status === 'working' ? (
          <Button isSmall kind="danger" onPress={() => onRevoke(key)} label={`Revoke ${key.name}`}>
            Revoke
          </Button>
        ) : (
          <Nothing />
        ),
    },
  ];
}
