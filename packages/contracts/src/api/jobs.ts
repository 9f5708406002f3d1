import { z } from 'zod';
import { periodSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';

/** A batch's number, a bigint in the database: as text, since JSON numbers end at 2^53. */
const batchIdSchema = z.string().regex(/^[1-9]\d{0,18}$/, { error: 'a batch id is a positive bigint as text' });

/** Tally these batches: a reference, the events stay in the database. */
export const tallyJobSchema = z.strictObject({ batchIds: z.array(batchIdSchema).min(1).max(1_000) });
export type TallyJob = z.infer<typeof tallyJobSchema>;

/** Close a period. */
export const closeJobSchema = z.strictObject({ program: programSchema, period: periodSchema });
export type CloseJob = z.infer<typeof closeJobSchema>;

/** What each queue carries. */
export interface JobData {
  readonly tally: TallyJob;
  readonly close: CloseJob;
}

export type QueueName = keyof JobData;

export const jobSchemas: { readonly [N in QueueName]: z.ZodType<JobData[N]> } = {
  tally: tallyJobSchema,
  close: closeJobSchema,
};
