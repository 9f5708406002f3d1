import { type KeyOut, keyCreatedSchema, keyOutSchema } from '@rewardbook/contracts/api/access/keys';
import type { Client } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { eachItem } from '../../client/pages.ts';
import { printJson, printLine } from '../../files/output.ts';
import { type CliFailure, serverError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { renderTable } from '../../terminal/table.ts';
import type { CreateKeyOptions, ListKeysOptions, RevokeKeyOptions } from './command.ts';

/**
 * Makes a key; stdout gets its secret and nothing else, so that it can go where it is needed. If nobody got the
 * secret, for instance because the reader has gone, the key is revoked.
 */
export async function createKey(
  { name, scopes, program, expires, data, json }: CreateKeyOptions,
  io: Io,
): Promise<void> {
  const client = await connectToSystem(data, io);
  const created = await client.json(
    {
      service: 'ledger',
      scope: 'admin',
      method: 'POST',
      path: '/v1/keys',
      body: JSON.stringify({
        name,
        scopes,
        programs: program,
        ...(expires === undefined ? {} : { expiresAt: expires }),
      }),
      contentType: 'application/json',
    },
    keyCreatedSchema,
  );
  try {
    if (json) {
      await printJson(io, created);
    } else {
      await printLine(io, created.key);
    }
  } catch (error) {
    throw await revokeUnseen(client, created.keyId, error);
  } finally {
    client.close();
  }
  if (json) {
    return;
  }
  io.stderr.write(
    `Key ${created.keyId}, ${created.name}: ${created.scopes.join(', ')}; ${programsText(created.programs)}. It is shown this once: keep it.\n`,
  );
}

export async function listKeys({ data, json }: ListKeysOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const keys: KeyOut[] = [];
  for await (const key of eachItem(client, { service: 'ledger', scope: 'admin', path: '/v1/keys' }, keyOutSchema)) {
    keys.push(key);
  }
  client.close();
  if (json) {
    return printJson(io, { keys });
  }
  const titles = ['id', 'name', 'scopes', 'programs', 'status', 'created', 'by', 'expires', 'revoked', 'by'];
  const columns = titles.map((title, index) => ({
    title,
    align: index === 0 ? ('right' as const) : ('left' as const),
  }));
  await write(io.stdout, renderTable(columns, keys.map(toRow)));
}

export async function revokeKey(keyId: number, { data, json }: RevokeKeyOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const revoked = await revoke(client, keyId);
  client.close();
  if (json) {
    return printJson(io, revoked);
  }
  await printLine(
    io,
    `Key ${revoked.keyId}, ${revoked.name}, is revoked since ${revoked.revokedAt} by ${revoked.revokedBy}`,
  );
}

function programsText(programs: readonly string[] | null): string {
  return programs === null ? 'all programs' : `only ${programs.join(', ')}`;
}

function revoke(client: Client, keyId: number): Promise<KeyOut> {
  const path = `/v1/keys/${keyId}`;
  return client.json({ service: 'ledger', scope: 'admin', method: 'DELETE', path }, keyOutSchema);
}

async function revokeUnseen(client: Client, keyId: number, cause: unknown): Promise<CliFailure> {
  const unseen = `The secret of key ${keyId} could not be shown`;
  return revoke(client, keyId).then(
    () => serverError(`${unseen}, so the key was revoked: make another`, cause),
    (error: unknown) =>
      serverError(`${unseen}, and it is not revoked: do that with "rewardbook keys revoke ${keyId}"`, error),
  );
}

function toRow({
  keyId,
  name,
  scopes,
  programs,
  status,
  createdAt,
  createdBy,
  expiresAt,
  revokedAt,
  revokedBy,
}: KeyOut): string[] {
  return [
    String(keyId),
    name,
    scopes.join(' '),
    programs?.join(' ') ?? 'all',
    status,
    createdAt,
    createdBy ?? '-',
    expiresAt ?? 'never',
    revokedAt ?? '-',
    revokedBy ?? '-',
  ];
}
