import { createHash } from 'node:crypto';
import { requirePolicy } from '@rewardbook/db/books/policies';
import { type PayoutRun, requireRun } from '@rewardbook/db/books/runs';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { ReportContext } from '../service/report-context.ts';
import { type PaymentRow, readPayments } from './sql.ts';

/** A run whose payments have been read once, checked and added up. */
export interface PaymentRun extends PayoutRun {
  readonly programName: string;
  readonly entryKey: string;
  readonly approvedAt: Date;
  readonly status: 'approved' | 'exported';
  readonly paymentCount: number;
  /** Minor units. */
  readonly total: bigint;
  /** SHA-256 of the run's content hash and its payments: the same payments have the same one. */
  readonly paymentsHash: string;
}

/** Most payments that a refusal names. */
const MAX_FAULTS = 20;

/**
 * Reads what an approved run pays. Throws BooksRefused `run-unknown`, AppError `run-not-approved` (a draft, or already settled:
 * nothing is paid twice), `nothing-due`, and `not-acceptable` where payments cannot be written in the format.
 *
 * @param faultOf why the format cannot have this payment
 */
export async function openPaymentRun(
  context: ReportContext,
  runId: string,
  faultOf: (row: PaymentRow) => string | undefined,
): Promise<PaymentRun> {
  const { sql, source, program } = context;
  const run = await requireRun(sql, program.programId, runId);
  const { status, entryKey, approvedAt } = run;
  if ((status !== 'approved' && status !== 'exported') || entryKey === null || approvedAt === null) {
    throw new AppError(
      'run-not-approved',
      `Run ${runId} is ${status}; only a run that is approved and not settled has payments`,
    );
  }
  const seal = paymentsSeal(run);
  const faults: { path: string; message: string }[] = [];
  let total = 0n;
  for await (const batch of readPayments(source, program, run.runNumber)) {
    for (const row of batch) {
      const message = faultOf(row);
      if (message !== undefined && faults.length < MAX_FAULTS) {
        faults.push({ path: paymentId(run, row), message });
      }
      total += parseAmount(row.net, program.currency);
      seal.add(row);
    }
  }
  if (faults.length > 0) {
    throw new AppError(
      'not-acceptable',
      'The format cannot have some payments of this run: return these payouts, put their details right and draft them again',
      { errors: faults },
    );
  }
  if (seal.count === 0) {
    throw new AppError('nothing-due', `Nothing of run ${runId} is left to be paid`);
  }
  const { policy } = await requirePolicy(sql, program.programId, run.policyVersion);
  return {
    ...run,
    programName: policy.name,
    status,
    entryKey,
    approvedAt,
    paymentCount: seal.count,
    total,
    paymentsHash: seal.digest(),
  };
}

/** The payments of an opened run once more; throws if they differ from those that were read when it was opened. */
export async function* paymentsOf(
  context: ReportContext,
  run: PaymentRun,
): AsyncGenerator<PaymentRow[], void, undefined> {
  const seal = paymentsSeal(run);
  for await (const batch of readPayments(context.source, context.program, run.runNumber)) {
    for (const row of batch) {
      seal.add(row);
    }
    yield batch;
  }
  if (seal.digest() !== run.paymentsHash) {
    throw new Error(`a payout of run ${run.runId} came back while it was being written`);
  }
}

/** The permanent id of a payment, at the bank too: at most 35 characters of ISO 20022's most restricted set. */
export function paymentId(run: { readonly runId: string }, { payoutNumber }: PaymentRow): string {
  return `${run.runId}-${payoutNumber}`;
}

/** The sum of all payments in major units. */
export function controlSum({ program }: ReportContext, run: PaymentRun): string {
  return formatAmount(run.total, program.currency);
}

function paymentsSeal(run: PayoutRun) {
  const hash = createHash('sha256').update(`${run.contentHash}\n`);
  let count = 0;
  return {
    add(row: PaymentRow): void {
      count += 1;
      hash.update(`${JSON.stringify([row.payoutNumber, row.creatorId, row.payee, row.account, row.net])}\n`);
    },
    get count() {
      return count;
    },
    digest: () => hash.digest('hex'),
  };
}
