import { z } from 'zod';
import { pageQuerySchema, walkedPageOf } from '../../values/cursor.ts';
import { identifierSchema } from '../../values/identifier.ts';
import { listFormatSchema, listOrderSchema } from '../../values/list-query.ts';
import { instantOutSchema } from '../../values/period.ts';
import { programSchema } from '../../values/slug.ts';
import { keyNameSchema } from './keys.ts';

/** A request that changed something, or was to. */
export const auditOutSchema = z.object({
  auditId: z.int(),
  at: instantOutSchema.describe('When it was written down, before anything was changed'),
  service: z.string(),
  keyId: z.int(),
  keyName: z.string(),
  method: z.string(),
  route: z.string(),
  program: z.string().nullable(),
  requestId: z.string(),
  bodySha256: z
    .string()
    .nullable()
    .describe('Of the body as it came; null if there was no body or it did not arrive whole'),
  summary: z.record(z.string(), z.unknown()).describe('What of the request may be shown'),
  status: z
    .int()
    .nullable()
    .describe(
      'HTTP status of the answer; null: under way, or the service ended before it answered, and the change may have been made',
    ),
  answeredAt: instantOutSchema.nullable(),
});

/** What became of a request: done (2xx), refused (4xx), failed (5xx), or no answer is known. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed', 'open'] as const;

/** Which requests: the same for the list and its file. */
const auditFilterSchema = z.object({
  program: programSchema.optional(),
  key: keyNameSchema.optional().describe('Only requests with the key of this name'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only what came at this instant or later'),
  until: z.iso.datetime({ offset: true }).optional().describe('Only what came before this instant'),
  action: identifierSchema
    .optional()
    .describe('Only requests whose method and route contain this, as `POST` or `payout-runs`; in either case'),
  outcome: z.enum(AUDIT_OUTCOMES).optional().describe('`open`: not answered, or the service ended before it answered'),
  order: listOrderSchema.default('asc').describe('`desc`: the newest first'),
});

/** Query of the audit log, in the order in which requests came. */
export const auditQuerySchema = pageQuerySchema.extend(auditFilterSchema.shape);
export const auditFileQuerySchema = auditFilterSchema.extend({ format: listFormatSchema });
export const auditPageSchema = walkedPageOf(auditOutSchema);

export type AuditOut = z.output<typeof auditOutSchema>;
