import { z } from 'zod';

/** Media type of a problem. */
export const PROBLEM = 'application/problem+json';

/** What every answer of 4xx and 5xx says (RFC 9457). `code` is for programs, `detail` for people. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('A URI reference that names the kind of problem'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe('What happened and what to do'),
    instance: z.string().optional().describe('The path asked for'),
    code: z.string().describe('The kind of problem, as in the list of codes'),
    requestId: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong where, in a request that does not fit its schema'),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;
