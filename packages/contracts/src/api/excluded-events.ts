import { RISK_RULES } from '@rewardbook/domain/policy/risk-rule';
import { z } from 'zod';
import { pageQuerySchema, walkedPageOf } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { explainedEventOutSchema } from './explanation.ts';

/** An event that a close judged and a rule kept from counting. */
export const excludedEventSchema = explainedEventOutSchema
  .extend({ creatorId: z.string(), excludedBy: z.enum(RISK_RULES) })
  .meta({ id: 'ExcludedEvent' });

export const excludedEventsQuerySchema = pageQuerySchema.extend({
  rule: z.enum(RISK_RULES).optional(),
  creator: identifierSchema.optional(),
  viewer: identifierSchema.optional(),
});
export const excludedEventsPageSchema = walkedPageOf(excludedEventSchema);

export type ExcludedEvent = z.output<typeof excludedEventSchema>;
