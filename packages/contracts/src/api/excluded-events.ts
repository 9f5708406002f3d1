import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { z } from 'zod';
import { pageQuerySchema, walkedPageOf } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { listFormatSchema } from '../values/list-query.ts';
import { explainedEventOutSchema } from './explanation.ts';

/** An event that a close judged and a rule kept from counting. */
export const excludedEventSchema = explainedEventOutSchema
  .extend({ creatorId: z.string(), excludedBy: z.enum(RISK_RULES) })
  .meta({ id: 'ExcludedEvent' });

/** Which of them: the same for the list and its file. */
const excludedEventsFilterSchema = z.object({
  rule: z.enum(RISK_RULES).optional(),
  creator: identifierSchema.optional(),
  viewer: identifierSchema.optional(),
});
export const excludedEventsQuerySchema = pageQuerySchema.extend(excludedEventsFilterSchema.shape);
export const excludedEventsFileQuerySchema = excludedEventsFilterSchema.extend({ format: listFormatSchema });
export const excludedEventsPageSchema = walkedPageOf(excludedEventSchema);

export type ExcludedEvent = z.output<typeof excludedEventSchema>;
export type ExcludedEventsFilter = z.output<typeof excludedEventsFilterSchema>;
