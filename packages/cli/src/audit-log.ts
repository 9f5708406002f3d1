import { type AuditOut, auditOut } from '@rewardbook/contracts/audit-log';
import type { AuditLogOptions } from './commands/audit-log.ts';
import { findSystem } from './connection.ts';
import { Client } from './http.ts';
import type { Io } from './io.ts';
import { printJson, printLine } from './output.ts';
import { eachItem } from './pages.ts';

/** Prints the audit log as it is read: of any length. */
export async function printAuditLog({ program, key, since, data, json }: AuditLogOptions, io: Io): Promise<void> {
  const client = new Client(await findSystem(data, io), io.signal);
  const call = { service: 'ledger', scope: 'read', path: '/v1/audit-log' } as const;
  for await (const item of eachItem(client, call, auditOut, { program, key, since })) {
    await (json ? printJson(io, item) : printLine(io, describe(item)));
  }
  client.close();
}

function describe({ at, keyName, keyId, status, method, route, summary, bodySha256 }: AuditOut): string {
  const body = bodySha256 === null ? '' : `  body ${bodySha256.slice(0, 12)}`;
  return `${at}  ${status ?? '?'}  ${keyName} (key ${keyId})  ${method} ${route}  ${JSON.stringify(summary)}${body}`;
}
