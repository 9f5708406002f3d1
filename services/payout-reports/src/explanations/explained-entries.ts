import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { encodePathPart } from '@rewardbook/contracts/values/path-part';
import { findCloseByNumber } from '@rewardbook/db/books/closes';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ExplainedCreator } from './explanation-scope.ts';
import { listInvolvedEntries } from './sql/entries.ts';

/** What later moved on a creator's accounts may be long: this many are listed, the statement has all. */
const MAX_ROWS = 500;

/** The journal entries that had a part in an amount, with the creator's own postings in them. */
export async function explainedEntries({
  context,
  creatorId,
  period,
  close,
}: ExplainedCreator): Promise<Explanation['entries']> {
  const { sql, program } = context;
  const { currency, programId, slug } = program;
  const rolledOver = parseAmount(close.rolledOver, currency) !== 0n;
  const before = rolledOver ? await findCloseByNumber(sql, programId, close.closeNo - 1) : undefined;
  const rows = await listInvolvedEntries(sql, {
    programId,
    period,
    creatorId,
    closeKey: close.entryKey,
    rolloverKey: before?.entryKey ?? null,
    limit: MAX_ROWS,
  });
  const entries = new Map<number, Explanation['entries'][number]>();
  for (const { line, account, amount, postedAt, ...row } of rows) {
    const link = `/v1/programs/${slug}/journal/${encodePathPart(row.entryKey)}`;
    const entry = entries.get(row.seq) ?? { ...row, postedAt: postedAt.toISOString(), postings: [], link };
    entries.set(row.seq, entry);
    if (line !== null && account !== null && amount !== null) {
      entry.postings.push({ line, account, amount: formatAmount(parseAmount(amount, currency), currency) });
    }
  }
  return [...entries.values()];
}
