import { adjustmentBodySchema, reversalBodySchema } from '@rewardbook/contracts/adjustments';
import { revenueBodySchema } from '@rewardbook/contracts/revenue';
import { BooksRefused } from '@rewardbook/db/errors';
import { DomainError } from '@rewardbook/domain/error';
import { MoneyError } from '@rewardbook/money/error';
import { AppError } from '@rewardbook/runtime/errors';
import { z } from 'zod';
import {
  decideRequest,
  findRequest,
  finishRequest,
  type RequestKind,
  type RequestRow,
} from '../store/approval-store.ts';
import { adjustAsApproved, reverseAsApproved } from './adjust.ts';
import { applyPolicy } from './apply-policy.ts';
import { beginClose } from './begin-close.ts';
import { bookRevenue } from './book-revenue.ts';
import { requireProgram } from './find-program.ts';
import type { Ledger } from './ledger.ts';
import type { By } from './run-command.ts';

/** Carries out what was asked for; natural keys make it safe to do again. Gives the key of what came of it. */
type Execute = (ledger: Ledger, slug: string, payload: unknown, by: By) => Promise<string>;

const EXECUTE: Record<RequestKind, Execute> = {
  adjustment: async (ledger, slug, payload, by) =>
    (await adjustAsApproved(ledger, slug, adjustmentBodySchema.parse(payload), by)).entryKey,
  reversal: async (ledger, slug, payload, by) =>
    (await reverseAsApproved(ledger, slug, reversalBodySchema.parse(payload), by)).entryKey,
  revenue: async (ledger, slug, payload, by) =>
    (await bookRevenue(ledger, slug, revenueBodySchema.parse(payload), by)).entryKey,
  policy: async (ledger, slug, payload, { actor }) => {
    const { policy, from } = policyPayload.parse(payload);
    const { version } = await applyPolicy(ledger, { program: slug, policy, from, actor });
    return `policy version ${version}`;
  },
  close: async (ledger, slug, payload, { actor }) => {
    const { period } = closePayload.parse(payload);
    await beginClose(ledger, slug, period, actor);
    return `close:${period}`;
  },
};

const policyPayload = z.object({ policy: z.unknown(), from: z.string().optional() });
const closePayload = z.object({ period: z.string() });

export interface Decision {
  readonly isApproved: boolean;
  /** Of the request as it was read. */
  readonly payloadHash?: string | undefined;
  readonly note?: string | undefined;
}

/**
 * Approves a request and carries it out, or rejects it. What cannot be carried out any more is `failed`, with the reason.
 *
 * @throws AppError `program-unknown`, `request-unknown`; BooksRefused `request-changed`, `request-decided`, `self-approval`
 */
export async function decide(
  ledger: Ledger,
  slug: string,
  request: number,
  { isApproved, payloadHash, note }: Decision,
  by: By,
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
  if (row === undefined) throw new AppError('request-unknown', `There is no request ${request}`);
  return row;
}

/**
 * Carries out a request that was approved; any other is left as it is. Of two that carry it out at once, the outcome that is noted first
 * stands; the other may find it failed already, and not approved any more.
 */
export async function carryOut(ledger: Ledger, slug: string, request: number, now: number): Promise<void> {
  const { programId } = await requireProgram(ledger.sql, slug);
  const { status, kind, payload } = await requireRequest(ledger, programId, request);
  if (status !== 'approved') return;
  try {
    const outcome = await EXECUTE[kind](ledger, slug, JSON.parse(payload), { actor: null, now });
    await finishRequest(ledger.sql, programId, request, { hasFailed: false, outcome });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error; // tried again by the sweep
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
