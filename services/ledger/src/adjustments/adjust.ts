import type { AdjustmentBody, CashBody, ReversalBody } from '@rewardbook/contracts/api/adjustments';
import { requireProgram } from '@rewardbook/db/books/program';
import { adjustmentKey, reversalKey } from '@rewardbook/domain/books/adjustment';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { type Answer, doOrAsk, type Gated } from '../approvals/gate.ts';
import { today } from '../payouts/run-command.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import * as store from './sql.ts';

/** What was posted, and its amount in major units with all digits. */
export interface PostedAmount extends store.Posted {
  readonly amount: string;
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
  by: Caller,
): Promise<Answer<PostedAmount>> {
  return doOrAsk(ledger, await planAdjustment(ledger, slug, body, by));
}

/** An adjustment, which may need a second person. @throws as `adjust` */
export async function planAdjustment(
  ledger: Ledger,
  slug: string,
  body: AdjustmentBody,
  { actor, now }: Caller,
): Promise<Gated<PostedAmount>> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId, currency } = program;
  const amount = formatAmount(parseAmount(body.amount, currency), currency);
  const asked = { ...body, amount };
  const call = { ...asked, programId, effectiveAt: today(program, now), actor };
  const key = adjustmentKey(body.reference);
  return {
    act: async () => ({ ...(await store.postAdjustment(ledger.sql, call)), amount }),
    request: () => ({ programId, kind: 'adjustment', key, payload: canonicalJson(asked), actor }),
  };
}

/**
 * Reverses an entry with negated postings, once, or asks a second person where adjustments need one.
 *
 * @throws AppError `program-unknown`; BooksRefused `entry-unknown`, `not-reversible`
 */
export async function reverse(
  ledger: Ledger,
  slug: string,
  body: ReversalBody,
  by: Caller,
): Promise<Answer<store.Posted>> {
  return doOrAsk(ledger, await planReversal(ledger, slug, body, by));
}

/** A reversal, which may need a second person. @throws as `reverse` */
export async function planReversal(
  ledger: Ledger,
  slug: string,
  body: ReversalBody,
  { actor, now }: Caller,
): Promise<Gated<store.Posted>> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId } = program;
  const call = { ...body, programId, effectiveAt: today(program, now), actor };
  const key = reversalKey(body.entryKey);
  return {
    act: () => store.reverseEntry(ledger.slowSql, call),
    request: () => ({ programId, kind: 'reversal', key, payload: canonicalJson({ ...body }), actor }),
  };
}

/** Books money that came in. @throws AppError `program-unknown`; MoneyError; BooksRefused `bad-adjustment`, `reference-conflict` */
export async function bookCash(
  ledger: Ledger,
  slug: string,
  body: CashBody,
  { actor, now }: Caller,
): Promise<PostedAmount> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId, currency } = program;
  const { kind, reference, reason } = body;
  const amount = formatAmount(parseAmount(body.amount, currency), currency);
  const effectiveAt = today(program, now);
  const call = { programId, kind, amount, reference, note: reason ?? null, effectiveAt, actor };
  return { ...(await store.bookCash(ledger.sql, call)), amount };
}
