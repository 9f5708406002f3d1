import { z } from 'zod';

/** One invariant of the books: whether it holds, and the first difference where it does not. */
export const checkOutSchema = z.object({
  check: z.string(),
  ok: z.boolean(),
  checked: z.int().describe('How many things were looked at'),
  difference: z.string().nullable(),
});

/** Answer of `POST …/verify`: 200 also where an invariant is broken; `ok` says so. */
export const verifiedSchema = z.object({ program: z.string(), ok: z.boolean(), checks: z.array(checkOutSchema) });

export type CheckOut = z.output<typeof checkOutSchema>;
export type Verified = z.output<typeof verifiedSchema>;
