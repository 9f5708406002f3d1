import type { ApprovalNeeded, RequestOut } from '@rewardbook/contracts/approvals';
import { z } from 'zod';
import type { RequestRow } from '../store/approval-store.ts';

const payloadSchema = z.record(z.string(), z.unknown());

/** A request as it is answered. */
export function toRequestOut({ number, requestedAt, decidedAt, payload, ...rest }: RequestRow): RequestOut {
  return {
    ...rest,
    request: number,
    payload: payloadSchema.parse(JSON.parse(payload)),
    requestedAt: requestedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

/** The answer where a second person has to approve first. */
export function toApprovalNeeded(program: string, request: RequestRow): ApprovalNeeded {
  return { approval: toRequestOut(request), poll: `/v1/programs/${program}/approvals/${request.number}` };
}
