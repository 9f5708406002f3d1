import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../values/cursor.ts';
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

/** Query of the audit log, oldest first. */
export const auditQuerySchema = pageQuerySchema.extend({
  program: programSchema.optional(),
  key: keyNameSchema.optional().describe('Only requests with the key of this name'),
  since: z.iso.datetime({ offset: true }).optional().describe('Only what came at this instant or later'),
});
export const auditPageSchema = pageOf(auditOutSchema);

export type AuditOut = z.output<typeof auditOutSchema>;
