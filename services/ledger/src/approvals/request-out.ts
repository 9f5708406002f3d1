import type { ApprovalNeeded, RequestOut } from '@rewardbook/contracts/api/approvals';
import { maySeePayments } from '@rewardbook/runtime/access/api-key';
import type { KnownKey } from '@rewardbook/runtime/access/key-cache';
import { z } from 'zod';
import type { RequestRow } from './sql.ts';

const payloadSchema = z.record(z.string(), z.unknown());
/** What everybody may see of a change of payment details: who is paid into which account is left out. */
const withoutAccountsSchema = z.object({
  creators: z.array(
    z.object({
      creatorId: z.string(),
      taxCountry: z.string().nullable(),
      before: z.object({ taxCountry: z.string().nullable() }),
    }),
  ),
});

/** A request as a key may see it. */
export function toRequestOut(row: RequestRow, key: KnownKey): RequestOut {
  const { number, requestedAt, decidedAt, payload, ...rest } = row;
  const schema = row.kind !== 'payees' || maySeeAccounts(key) ? payloadSchema : withoutAccountsSchema;
  return {
    ...rest,
    request: number,
    payload: schema.parse(JSON.parse(payload)),
    requestedAt: requestedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

/** The answer where a second person has to approve first. */
export function toApprovalNeeded(program: string, request: RequestRow, key: KnownKey): ApprovalNeeded {
  return { approval: toRequestOut(request, key), poll: `/v1/programs/${program}/approvals/${request.number}` };
}

/** Those who may see payment data, and those who decide and have to see what a request is about. */
export function maySeeAccounts(key: KnownKey): boolean {
  return maySeePayments(key) || key.scopes.includes('approve');
}
