import { type AuditOut, auditOutSchema } from '@rewardbook/contracts/api/access/audit-log';
import { connectToSystem } from '../../client/connect.ts';
import { eachItem } from '../../client/pages.ts';
import { printJson, printLine } from '../../files/output.ts';
import type { Io } from '../../terminal/io.ts';
import type { AuditLogOptions } from './command.ts';

/** Prints the audit log while it is read, so that it may be of any length. */
export async function printAuditLog({ program, key, since, data, json }: AuditLogOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const call = { service: 'ledger', scope: 'read', path: '/v1/audit-log' } as const;
  for await (const item of eachItem(client, call, auditOutSchema, { program, key, since })) {
    await (json ? printJson(io, item) : printLine(io, describe(item)));
  }
  client.close();
}

function describe({ at, keyName, keyId, status, method, route, summary, bodySha256 }: AuditOut): string {
  const body = bodySha256 === null ? '' : `  body ${bodySha256.slice(0, 12)}`;
  return `${at}  ${status ?? '?'}  ${keyName} (key ${keyId})  ${method} ${route}  ${JSON.stringify(summary)}${body}`;
}
