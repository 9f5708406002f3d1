import { approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { z } from 'zod';

/** What the API says of a route. */
interface About {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
}

/**
 * A route that changes a program's books, and for which its policy may require a second person: 201 where it was done, 200 where it
 * had been, 202 with the request that waits.
 */
export function gatedRoute<Body extends z.ZodType, Done extends z.ZodType>(body: Body, done: Done, about: About) {
  return {
    ...requireScope('operate'),
    schema: {
      ...about,
      params: programParamsSchema,
      body,
      response: { 200: done, 201: done, 202: approvalNeededSchema },
    },
  };
}
