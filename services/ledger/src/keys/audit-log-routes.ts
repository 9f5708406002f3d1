import { type AuditOut, auditPageSchema, auditQuerySchema } from '@rewardbook/contracts/api/access/audit-log';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { type AuditRow, listAudit } from '@rewardbook/db/audit-log';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import { ownPrograms } from '@rewardbook/runtime/access/key-programs';
import type { App } from '@rewardbook/runtime/app';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
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
        summary: 'Every request that changed something or tried to, oldest first',
        description:
          'Written before the change is made. Who has read up to an auditId has missed none below it; the outcome of the newest may still come. A key that is bound to programs sees requests about these.',
        querystring: auditQuerySchema,
        response: { 200: auditPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, program, key, since } = request.query;
      const rows = await listAudit(sql, {
        programs: ownPrograms(keyOf(request), program),
        key,
        since: since === undefined ? undefined : new Date(since),
        after: readCursor(cursor, numberKeySchema)?.[0] ?? 0,
        limit: limit + 1,
      });
      return toPage(rows.map(toAuditOut), limit, (item) => [item.auditId]);
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
