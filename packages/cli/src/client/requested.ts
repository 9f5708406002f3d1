import type { RequestOut } from '@rewardbook/contracts/api/approvals';
import { z } from 'zod';

const policySchema = z.object({ from: z.string().nullable() });
const returnSchema = z.object({ run: z.string(), creatorId: z.string() });
const holdSchema = z.object({ creatorId: z.string(), reason: z.string() });
const payeesSchema = z.object({ creators: z.array(z.object({ creatorId: z.string() })) });

/** How many of the creators are named. */
const NAMED = 3;

/** What a request asks for, in words where its key says little. */
export function describeRequested({ kind, key, payload }: Pick<RequestOut, 'kind' | 'key' | 'payload'>): string {
  switch (kind) {
    case 'policy': {
      const { from } = policySchema.parse(payload);
      return `the policy from ${from ?? 'the beginning'}`;
    }
    case 'return': {
      const { run, creatorId } = returnSchema.parse(payload);
      return `the return of ${creatorId}'s payout in run ${run}`;
    }
    case 'hold': {
      const { creatorId, reason } = holdSchema.parse(payload);
      return `lifting the hold "${reason}" of ${creatorId}`;
    }
    case 'payees': {
      const { creators } = payeesSchema.parse(payload);
      const named = creators.slice(0, NAMED).map(({ creatorId }) => creatorId);
      const more = creators.length - named.length;
      return `the change of payment details of ${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
    }
    case 'adjustment':
    case 'reversal':
    case 'revenue':
    case 'close':
      return key;
  }
}
