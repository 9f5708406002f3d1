import { z } from 'zod';

/** A part of an address that does not fit is left out, as if it were not there. */
export function orLeftOut<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

/** A text of a person. */
export const textSchema = orLeftOut(z.string().min(1).max(512));
/** An order as tables have it: "amount", "-amount". */
export const orderSchema = orLeftOut(z.string().regex(/^-?[a-zA-Z]{1,32}$/));
