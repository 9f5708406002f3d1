import type { JournalRow } from '@rewardbook/contracts/api/reports';
import type { JournalFilter } from '@rewardbook/db/books/entries';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { type ReportedPosting, readPostings } from '../../service/postings-sql.ts';
import { datesOf, type ReportContext } from '../../service/report-context.ts';

/** The journal: a row for each posting of the entries that a filter leaves; of a creator, only those on its accounts. */
export async function* journal(
  context: ReportContext,
  { period, ...filter }: JournalFilter & { readonly period?: string | undefined },
): AsyncGenerator<JournalRow[], void, undefined> {
  const { source, program } = context;
  const dates = period === undefined ? undefined : datesOf(program, period);
  for await (const batch of readPostings(source, program, { dates, filter })) {
    yield batch.map((row) => toRow(context, row));
  }
}

function toRow({ program: { currency } }: ReportContext, row: ReportedPosting): JournalRow {
  const amount = parseAmount(row.amount, currency);
  return {
    seq: row.seq,
    entry_key: row.entryKey,
    effective_at: row.effectiveAt,
    posted_at: row.postedAt.toISOString(),
    account: row.account,
    opposite_account: row.oppositeAccount,
    debit: amount >= 0n ? formatAmount(amount, currency) : null,
    credit: amount < 0n ? formatAmount(-amount, currency) : null,
    currency: currency.code,
    kind: row.kind,
    reverses: row.reverses,
    running_balance: formatAmount(parseAmount(row.runningBalance, currency), currency),
    hash: row.hash,
  };
}
