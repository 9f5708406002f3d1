import type { Sql } from '../client.ts';

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

const columns = (sql: Sql) => sql`
  e.seq::float8 AS seq, e.entry_id::text AS "entryId", e.entry_key AS "entryKey", e.kind, e.effective_at::text AS "effectiveAt",
  to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "postedAt", e.details, e.reverses,
  e.posting_count AS "postingCount", e.postings_hash AS "postingsHash", e.hash,
  coalesce((SELECT b.hash FROM journal_entry b WHERE b.program_id = e.program_id AND b.seq = e.seq - 1), repeat('0', 64)) AS "prevHash"
  FROM journal_entry e`;

export async function findEntry(sql: Sql, programId: number, entryKey: string): Promise<EntryRow | undefined> {
  const [row] = await sql<EntryRow[]>`
    SELECT ${columns(sql)} WHERE e.program_id = ${programId} AND e.entry_key = ${entryKey}`;
  return row;
}

/** The entry with this number in the journal. */
export async function findEntryAt(sql: Sql, programId: number, seq: number): Promise<EntryRow | undefined> {
  const [row] = await sql<EntryRow[]>`
    SELECT ${columns(sql)} WHERE e.program_id = ${programId} AND e.seq = ${seq}::bigint`;
  return row;
}

/** A page of entries in order of seq. */
export function listEntries(
  sql: Sql,
  programId: number,
  { kind, after, limit }: { kind?: string; after: number; limit: number },
): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    SELECT ${columns(sql)}
    WHERE e.program_id = ${programId} AND e.seq > ${after}::bigint AND (${kind ?? null}::text IS NULL OR e.kind = ${kind ?? null})
    ORDER BY e.seq LIMIT ${limit}`;
}

/** The last entry that had been posted at an instant (epoch milliseconds); 0 for none. Posting times never go back. */
export async function seqAt(sql: Sql, programId: number, instant: number): Promise<number> {
  const [row] = await sql<{ seq: number }[]>`
    SELECT coalesce(max(seq), 0)::float8 AS seq FROM journal_entry
    WHERE program_id = ${programId} AND extract(epoch FROM posted_at) * 1000 <= ${instant}::bigint`;
  return row?.seq ?? 0;
}
