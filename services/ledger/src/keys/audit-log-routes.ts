import {
  type AuditOut,
  auditFileQuerySchema,
  auditOutSchema,
  auditPageSchema,
  auditQuerySchema,
} from '@rewardbook/contracts/api/access/audit-log';
import { type AuditFilter, type AuditRow, listAudit } from '@rewardbook/db/lists/audit';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import { ownPrograms } from '@rewardbook/runtime/access/key-programs';
import type { App } from '@rewardbook/runtime/app';
import { FILE_PAGE, ListFiles, listFileOut } from '@rewardbook/runtime/http/list-files';
import { numberKeySchema, readCursor, toWalkedPage } from '@rewardbook/runtime/http/page-cursor';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';

const summarySchema = z.record(z.string(), z.unknown());

const COLUMNS = Object.keys(auditOutSchema.shape);

/** The audit log of all services. */
export function auditRoutes(app: App, { sql }: Ledger): void {
  const files = new ListFiles();
  app.get(
    '/v1/audit-log',
    {
      ...requireScope('read', 'narrowed'),
      schema: {
        tags: ['access'],
        summary: 'Every request that changed something or tried to, the oldest or the newest first',
        description:
          'Written before the change is made. Who has read up to an auditId has missed none below it; the outcome of the newest may still come. A key that is bound to programs sees requests about these.',
        querystring: auditQuerySchema,
        response: { 200: auditPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, order, ...filter } = request.query;
      const after = readCursor(cursor, numberKeySchema)?.[0];
      return toWalkedPage(await listAudit(sql, seenBy(request, filter), { order, after, limit }), toAuditOut);
    },
  );

  app.get(
    '/v1/audit-log/file',
    {
      ...requireScope('read', 'narrowed'),
      schema: {
        tags: ['access'],
        summary: 'Every request of the audit log that a filter leaves, as CSV or NDJSON',
        querystring: auditFileQuerySchema,
        response: { 200: listFileOut },
      },
    },
    async (request, reply) => {
      const { format, order, ...filter } = request.query;
      const seen = seenBy(request, filter);
      const read = async (after: number | undefined) => {
        const { rows, next } = await listAudit(sql, seen, { order, after, limit: FILE_PAGE });
        return { rows: rows.map(toAuditOut), next: next ?? undefined };
      };
      return files.send(reply, { format, name: 'audit-log', columns: COLUMNS, read });
    },
  );
}

interface AskedFilter extends Omit<AuditFilter, 'programs' | 'since' | 'until'> {
  readonly program?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** What a filter leaves of the requests that the key of who asks may see. @throws AppError `program-unknown` */
function seenBy(request: FastifyRequest, { program, since, until, ...rest }: AskedFilter): AuditFilter {
  const at = (instant: string | undefined): Date | undefined => (instant === undefined ? undefined : new Date(instant));
  return { ...rest, programs: ownPrograms(keyOf(request), program), since: at(since), until: at(until) };
}

function toAuditOut({ summary, at, answeredAt, ...row }: AuditRow): AuditOut {
  return {
    ...row,
    at: at.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    summary: summarySchema.parse(JSON.parse(summary)),
  };
}
