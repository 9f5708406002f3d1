import { adjustmentBodySchema, reversalBodySchema } from '@rewardbook/contracts/api/adjustments';
import type { RequestKind } from '@rewardbook/contracts/api/approvals';
import { revenueBodySchema } from '@rewardbook/contracts/api/revenue';
import { requireProgram } from '@rewardbook/db/books/program';
import { BooksRefused } from '@rewardbook/db/errors';
import { DomainError } from '@rewardbook/domain/values/error';
import { MoneyError } from '@rewardbook/money/error';
import { AppError } from '@rewardbook/runtime/http/errors';
import { z } from 'zod';
import { planAdjustment, planReversal } from '../adjustments/adjust.ts';
import type { Gated } from '../approvals/gate.ts';
import { decideRequest, findRequest, finishRequest, type RequestRow } from '../approvals/sql.ts';
import { beginClose } from '../close/begin-close.ts';
import { changeDetails } from '../creators/sql.ts';
import { liftApprovedHold, liftPayloadSchema } from '../holds/set-hold.ts';
import { returnOne } from '../payouts/payout-runs.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';

/** Carries out what was asked for; the books see to it that it is done once. Gives the key of what came of it. */
type Execute = (ledger: Ledger, slug: string, request: RequestRow, by: Caller) => Promise<string>;

const EXECUTE: Record<RequestKind, Execute> = {
  adjustment: async (ledger, slug, { payload }, by) =>
    (await act(planAdjustment(ledger, slug, adjustmentBodySchema.parse(JSON.parse(payload)), by))).entryKey,
  reversal: async (ledger, slug, { payload }, by) =>
    (await act(planReversal(ledger, slug, reversalBodySchema.parse(JSON.parse(payload)), by))).entryKey,
  revenue: async (ledger, slug, { payload }, by) =>
    (await bookRevenue(ledger, slug, revenueBodySchema.parse(JSON.parse(payload)), by)).entryKey,
  policy: async (ledger, slug, { payload }, { actor }) => {
    const { policy, from } = policyPayload.parse(JSON.parse(payload));
    const { version } = await applyPolicy(ledger, { program: slug, policy, from, actor });
    return `policy version ${version}`;
  },
  close: async (ledger, slug, { payload, key }, { actor }) => {
    const { period } = closePayload.parse(JSON.parse(payload));
    await beginClose(ledger, slug, period, actor);
    return key;
  },
  return: async (ledger, slug, { payload }, by) => {
    const { run, ...body } = returnPayload.parse(JSON.parse(payload));
    return (await returnOne(ledger, slug, run, body, by)).entryKey;
  },
  hold: async (ledger, slug, { payload, key }, by) => {
    await liftApprovedHold(ledger, slug, liftPayloadSchema.parse(JSON.parse(payload)), by);
    return key;
  },
  payees: async (ledger, slug, { number }) =>
    changeDetails(ledger.sql, (await requireProgram(ledger.sql, slug)).programId, number),
};

const policyPayload = z.object({ policy: z.unknown(), from: z.string().nullable() });
const closePayload = z.object({ period: z.string() });
const returnPayload = z.object({ run: z.string(), creatorId: z.string(), reason: z.string() });

async function act<Value>(planned: Promise<Gated<Value>>): Promise<Value> {
  return (await planned).act();
}

export interface Decision {
  readonly isApproved: boolean;
  /** Of the request as it was read. */
  readonly payloadHash?: string | undefined;
  readonly note?: string | undefined;
}

/**
 * Approves a request and carries it out, or rejects it. What can no longer be carried out is `failed`, with the reason.
 *
 * @throws AppError `program-unknown`, `request-unknown`; BooksRefused `request-changed`, `request-decided`, `self-approval`
 */
export async function decide(
  ledger: Ledger,
  slug: string,
  request: number,
  { isApproved, payloadHash, note }: Decision,
  by: Caller,
): Promise<RequestRow> {
  const { programId } = await requireProgram(ledger.sql, slug);
  await decideRequest(ledger.sql, {
    programId,
    request,
    isApproved,
    payloadHash: payloadHash ?? null,
    note: note ?? null,
    actor: by.actor,
  });
  await carryOut(ledger, slug, request, by.now);
  return requireRequest(ledger, programId, request);
}

/** The request with this number. @throws AppError `request-unknown` */
export async function requireRequest(ledger: Ledger, programId: number, request: number): Promise<RequestRow> {
  const row = await findRequest(ledger.sql, programId, request);
  if (row === undefined) {
    throw new AppError('request-unknown', `There is no request ${request}`);
  }
  return row;
}

/**
 * Carries out a request that was approved; any other is left unchanged. Carrying it out uses it up: of two callers at
 * the same time, the second finds nothing to do, or is refused, and the outcome that it then reports is not written.
 */
export async function carryOut(ledger: Ledger, slug: string, request: number, now: number): Promise<void> {
  const { programId } = await requireProgram(ledger.sql, slug);
  const row = await requireRequest(ledger, programId, request);
  if (row.status !== 'approved') {
    return;
  }
  try {
    const outcome = await EXECUTE[row.kind](ledger, slug, row, { actor: null, now });
    await finishRequest(ledger.sql, programId, request, { hasFailed: false, outcome });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      throw error; // tried again by the sweep
    }
    await finishRequest(ledger.sql, programId, request, { hasFailed: true, outcome: refusal });
  }
}

/** Why it can never be carried out, or undefined where it may be another time. */
function refusalOf(error: unknown): string | undefined {
  const isRefusal =
    error instanceof BooksRefused ||
    error instanceof AppError ||
    error instanceof MoneyError ||
    error instanceof DomainError;
  return isRefusal ? `${error.code}: ${error.message}` : undefined;
}
