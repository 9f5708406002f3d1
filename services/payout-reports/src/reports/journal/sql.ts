import type { DateRange } from '../../service/postings-sql.ts';
import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedProgram } from '../../service/reported-program.ts';

/** A posting; the first one of an entry brings the entry's header. */
export type EntryLine = {
  readonly account: string;
  /** Major units, debit positive. */
  readonly amount: string;
  readonly header: JournalFileEntry | null;
};

export interface JournalFileEntry {
  readonly seq: number;
  readonly entryKey: string;
  readonly kind: string;
  readonly effectiveAt: string;
  /** `2026-10-01T00:00:00.000Z` */
  readonly postedAt: string;
  readonly reverses: string | null;
  readonly hash: string;
}

/** Whole entries in the journal's order, up to the program's head: a row for each posting. */
export function readEntryLines(
  source: ReportSource,
  { programId, headSeq }: ReportedProgram,
  dates: DateRange | undefined,
): AsyncGenerator<EntryLine[]> {
  // The header once per entry: repeated with each of a close's million postings it would be most of what is sent.
  return inBatches<EntryLine>(source, {
    text: `
      SELECT p.account, p.amount::text AS amount,
             CASE WHEN lag(e.seq) OVER (ORDER BY e.seq, p.line) IS DISTINCT FROM e.seq THEN json_build_object(
               'seq', e.seq, 'entryKey', e.entry_key, 'kind', e.kind, 'effectiveAt', e.effective_at::text,
               'postedAt', to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'reverses', e.reverses, 'hash', e.hash) END AS header
      FROM journal_entry e JOIN posting p ON p.program_id = e.program_id AND p.entry_id = e.entry_id
      WHERE e.program_id = $1 AND e.seq <= $2 AND ($3::date IS NULL OR e.effective_at BETWEEN $3 AND $4::date)
      ORDER BY e.seq, p.line`,
    values: [programId, headSeq, dates?.from ?? null, dates?.to ?? null],
  });
}

/** Accounts that have postings, in byte order. */
export function readAccounts(
  source: ReportSource,
  { programId }: ReportedProgram,
): AsyncGenerator<{ account: string }[]> {
  return inBatches<{ account: string }>(source, {
    text: 'SELECT account FROM account_balance WHERE program_id = $1 ORDER BY account',
    values: [programId],
  });
}
