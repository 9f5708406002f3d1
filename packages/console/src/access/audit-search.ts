import { AUDIT_OUTCOMES } from '@rewardbook/contracts/api/access/audit-log';
import { dateSchema } from '@rewardbook/contracts/values/period';
import { z } from 'zod';
import { orderSchema, orLeftOut, textSchema } from '../format/address.ts';

/** What may stand in the address of the audit log. */
export const auditSearchSchema = z.object({
  program: textSchema,
  key: textSchema,
  action: textSchema,
  outcome: orLeftOut(z.enum(AUDIT_OUTCOMES)),
  since: orLeftOut(dateSchema),
  until: orLeftOut(dateSchema),
  order: orderSchema,
});
