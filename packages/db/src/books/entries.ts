import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import type { Sql } from '../client.ts';
import { contains, where } from '../lists/conditions.ts';
import { allOf, piece, runPiece, type SqlPiece } from '../lists/sql-piece.ts';
import { type Walked, walked, walkFrom } from '../lists/walk.ts';

/** A stored entry. `details` is canonical JSON: a flat object of strings. */
export interface EntryRow {
  readonly seq: number;
  readonly entryId: string;
  readonly entryKey: string;
  readonly kind: string;
  readonly effectiveAt: string;
  /** `2026-10-01T00:00:00.000Z` */
  readonly postedAt: string;
  readonly details: string;
  readonly reverses: string | null;
  readonly postingCount: number;
  readonly postingsHash: string;
  readonly prevHash: string;
  readonly hash: string;
}

const columns = piece`
  e.seq::float8 AS seq, e.entry_id::text AS "entryId", e.entry_key AS "entryKey", e.kind, e.effective_at::text AS "effectiveAt",
  to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "postedAt", e.details, e.reverses,
  e.posting_count AS "postingCount", e.postings_hash AS "postingsHash", e.hash,
  coalesce((SELECT b.hash FROM journal_entry b WHERE b.program_id = e.program_id AND b.seq = e.seq - 1), repeat('0', 64)) AS "prevHash"
  FROM journal_entry e`;

export async function findEntry(sql: Sql, programId: number, entryKey: string): Promise<EntryRow | undefined> {
  const [row] = await runPiece<EntryRow>(
    sql,
    piece`SELECT ${columns} WHERE e.program_id = ${programId} AND e.entry_key = ${entryKey}`,
  );
  return row;
}

/** Key of the entry that took this one back; null while none did. */
export async function findReversal(sql: Sql, programId: number, entryKey: string): Promise<string | null> {
  const [row] = await sql<{ entryKey: string }[]>`
    SELECT entry_key AS "entryKey" FROM journal_entry
    WHERE program_id = ${programId} AND entry_key = ${`reversal:${entryKey}`}`;
  return row?.entryKey ?? null;
}

/** The entry with this number in the journal. */
export async function findEntryAt(sql: Sql, programId: number, seq: number): Promise<EntryRow | undefined> {
  const [row] = await runPiece<EntryRow>(
    sql,
    piece`SELECT ${columns} WHERE e.program_id = ${programId} AND e.seq = ${seq}::bigint`,
  );
  return row;
}

/** A page of entries in order of seq. */
export function listEntries(
  sql: Sql,
  programId: number,
  { after, limit }: { after: number; limit: number },
): Promise<EntryRow[]> {
  return runPiece<EntryRow>(
    sql,
    piece`SELECT ${columns} WHERE e.program_id = ${programId} AND e.seq > ${after}::bigint ORDER BY e.seq LIMIT ${limit}`,
  );
}

/** Which journal entries. Dates `YYYY-MM-DD`; both ends are included. */
export interface JournalFilter {
  readonly kind?: string | undefined;
  /** With a posting of this creator. */
  readonly creator?: string | undefined;
  /** A part of the key or the details. */
  readonly find?: string | undefined;
  readonly fromSeq?: number | undefined;
  readonly toSeq?: number | undefined;
  readonly effectiveFrom?: string | undefined;
  readonly effectiveTo?: string | undefined;
}

/** The entries that a filter leaves, of the table `journal_entry e`; without a creator, row by row. */
export function entryConditions(
  programId: number,
  { kind, creator, find, fromSeq, toSeq, effectiveFrom, effectiveTo }: JournalFilter,
): SqlPiece {
  return allOf([
    piece`e.program_id = ${programId}`,
    ...where(
      creator,
      (id) => piece`e.entry_id IN (SELECT p.entry_id FROM postings_between(${programId}, ${id}, ${id}) p)`,
    ),
    ...where(kind, (value) => piece`e.kind = ${value}`),
    ...where(
      find,
      (text) => piece`(${contains(piece`e.entry_key`, text)} OR ${contains(piece`e.details COLLATE "C"`, text)})`,
    ),
    ...where(fromSeq, (seq) => piece`e.seq >= ${seq}::bigint`),
    ...where(toSeq, (seq) => piece`e.seq <= ${seq}::bigint`),
    ...where(effectiveFrom, (date) => piece`e.effective_at >= ${date}::date`),
    ...where(effectiveTo, (date) => piece`e.effective_at <= ${date}::date`),
  ]);
}

/** A page of the entries that a filter leaves. Numbers have no gaps, so a search that finds little ends after a number of them (`walkFrom`). */
export async function searchEntries(
  sql: Sql,
  { programId, lastSeq, filter }: { programId: number; lastSeq: number; filter: JournalFilter },
  { order, after, limit }: { order: ListOrder; after: number | undefined; limit: number },
): Promise<Walked<EntryRow>> {
  const walk = walkFrom({
    order,
    after,
    first: filter.fromSeq ?? 1,
    last: Math.min(filter.toSeq ?? lastSeq, lastSeq),
    isIndexed: filter.creator !== undefined,
  });
  const rows = await runPiece<EntryRow>(
    sql,
    piece`
      SELECT ${columns}
      WHERE ${entryConditions(programId, filter)} AND e.seq BETWEEN ${walk.low}::bigint AND ${walk.high}::bigint
      ORDER BY ${order === 'asc' ? piece`e.seq` : piece`e.seq DESC`} LIMIT ${limit + 1}`,
  );
  return walked(rows, limit, { order, walk, numberOf: ({ seq }) => seq });
}

/** The last entry that had been posted at an instant (epoch milliseconds); 0 for none. Posting times never go back. */
export async function seqAt(sql: Sql, programId: number, instant: number): Promise<number> {
  const [row] = await sql<{ seq: number }[]>`
    SELECT coalesce(max(seq), 0)::float8 AS seq FROM journal_entry
    WHERE program_id = ${programId} AND extract(epoch FROM posted_at) * 1000 <= ${instant}::bigint`;
  return row?.seq ?? 0;
}
