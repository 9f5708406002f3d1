import type { AdjustmentBody, CashBody, ReversalBody } from '@rewardbook/contracts/adjustments';
import { adjustmentKey, reversalKey } from '@rewardbook/domain/adjustment';
import { canonicalJson } from '@rewardbook/domain/canonical-json';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import * as store from '../store/adjustment-store.ts';
import type { ApprovalCall } from '../store/approval-store.ts';
import { type Answer, askWhereNeeded } from './ask-approval.ts';
import { requireProgram } from './find-program.ts';
import type { Ledger } from './ledger.ts';
import { type By, today } from './run-command.ts';

/** What was posted, and its amount in major units with all digits. */
export interface PostedAmount extends store.Posted {
  readonly amount: string;
}

/** What can wait for a second person: the request for it, and how it is done. */
interface Planned<Value> {
  readonly request: ApprovalCall;
  readonly post: () => Promise<Value>;
}

/**
 * Moves money between a creator and the platform, or asks a second person where the policy says so.
 *
 * @throws AppError `program-unknown`; MoneyError; BooksRefused `creator-unknown`, `bad-adjustment`, `reference-conflict`
 */
export async function adjust(
  ledger: Ledger,
  slug: string,
  body: AdjustmentBody,
  by: By,
): Promise<Answer<PostedAmount>> {
  const { request, post } = await planAdjustment(ledger, slug, body, by);
  return askWhereNeeded(ledger, request, post);
}

/** Does what was approved, and asks nobody. @throws as `adjust`; BooksRefused `approval-needed` where it was not, or has failed since */
export async function adjustAsApproved(
  ledger: Ledger,
  slug: string,
  body: AdjustmentBody,
  by: By,
): Promise<PostedAmount> {
  return (await planAdjustment(ledger, slug, body, by)).post();
}

async function planAdjustment(
  ledger: Ledger,
  slug: string,
  body: AdjustmentBody,
  { actor, now }: By,
): Promise<Planned<PostedAmount>> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId, currency } = program;
  const amount = formatAmount(parseAmount(body.amount, currency), currency);
  const asked = { ...body, amount };
  const call = { ...asked, programId, effectiveAt: today(program, now), actor };
  return {
    request: {
      programId,
      kind: 'adjustment',
      key: adjustmentKey(body.reference),
      payload: canonicalJson(asked),
      actor,
    },
    post: async () => ({ ...(await store.postAdjustment(ledger.sql, call)), amount }),
  };
}

/**
 * Reverses an entry with negated postings, once, or asks a second person where adjustments need one.
 *
 * @throws AppError `program-unknown`; BooksRefused `entry-unknown`, `not-reversible`
 */
export async function reverse(ledger: Ledger, slug: string, body: ReversalBody, by: By): Promise<Answer<store.Posted>> {
  const { request, post } = await planReversal(ledger, slug, body, by);
  return askWhereNeeded(ledger, request, post);
}

/** Does what was approved, and asks nobody. @throws as `reverse`; BooksRefused `approval-needed` where it was not, or has failed since */
export async function reverseAsApproved(
  ledger: Ledger,
  slug: string,
  body: ReversalBody,
  by: By,
): Promise<store.Posted> {
  return (await planReversal(ledger, slug, body, by)).post();
}

async function planReversal(
  ledger: Ledger,
  slug: string,
  body: ReversalBody,
  { actor, now }: By,
): Promise<Planned<store.Posted>> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId } = program;
  const call = { ...body, programId, effectiveAt: today(program, now), actor };
  return {
    request: {
      programId,
      kind: 'reversal',
      key: reversalKey(body.entryKey),
      payload: canonicalJson({ ...body }),
      actor,
    },
    post: () => store.reverseEntry(ledger.slowSql, call),
  };
}

/** Books money that came in. @throws AppError `program-unknown`; MoneyError; BooksRefused `bad-adjustment`, `reference-conflict` */
export async function bookCash(
  ledger: Ledger,
  slug: string,
  body: CashBody,
  { actor, now }: By,
): Promise<PostedAmount> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId, currency } = program;
  const { kind, reference, reason } = body;
  const amount = formatAmount(parseAmount(body.amount, currency), currency);
  const effectiveAt = today(program, now);
  const call = { programId, kind, amount, reference, note: reason ?? null, effectiveAt, actor };
  return { ...(await store.bookCash(ledger.sql, call)), amount };
}
