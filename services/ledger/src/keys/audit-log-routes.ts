import { type AuditOut, auditPageSchema, auditQuerySchema } from '@rewardbook/contracts/api/access/audit-log';
import { type AuditRow, listAudit } from '@rewardbook/db/lists/audit';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import { ownPrograms } from '@rewardbook/runtime/access/key-programs';
import type { App } from '@rewardbook/runtime/app';
import { numberKeySchema, readCursor, toWalkedPage } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';

const summarySchema = z.record(z.string(), z.unknown());

/** The audit log of all services. */
export function auditRoutes(app: App, { sql }: Ledger): void {
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
      const { limit, cursor, order, program, since, until, ...filter } = request.query;
      const at = (instant: string | undefined): Date | undefined =>
        instant === undefined ? undefined : new Date(instant);
      const after = readCursor(cursor, numberKeySchema)?.[0];
      const programs = ownPrograms(keyOf(request), program);
      const found = await listAudit(
        sql,
        { ...filter, programs, since: at(since), until: at(until) },
        { order, after, limit },
      );
      return toWalkedPage(found, toAuditOut);
    },
  );
}

function toAuditOut({ summary, at, answeredAt, ...row }: AuditRow): AuditOut {
  return {
    ...row,
    at: at.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    summary: summarySchema.parse(JSON.parse(summary)),
  };
}
