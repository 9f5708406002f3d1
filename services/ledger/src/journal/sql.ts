import type { Sql } from '@rewardbook/db/client';

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

export interface PostingRow {
  readonly line: number;
  readonly account: string;
  readonly amount: string;
}

const columns = (sql: Sql) => sql`
  e.seq::float8 AS seq, e.entry_id::text AS "entryId", e.entry_key AS "entryKey", e.kind, e.effective_at::text AS "effectiveAt",
  to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "postedAt", e.details, e.reverses,
  e.posting_count AS "postingCount", e.postings_hash AS "postingsHash", e.hash,
  coalesce((SELECT b.hash FROM journal_entry b WHERE b.program_id = e.program_id AND b.seq = e.seq - 1), repeat('0', 64)) AS "prevHash"`;

/** Entries in order of seq. */
export function listEntries(
  sql: Sql,
  programId: number,
  { kind, after, limit }: { kind?: string; after: number; limit: number },
): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    SELECT ${columns(sql)} FROM journal_entry e
    WHERE e.program_id = ${programId} AND e.seq > ${after}::bigint AND (${kind ?? null}::text IS NULL OR e.kind = ${kind ?? null})
    ORDER BY e.seq LIMIT ${limit}`;
}

export async function findEntry(sql: Sql, programId: number, entryKey: string): Promise<EntryRow | undefined> {
  const [row] = await sql<EntryRow[]>`
    SELECT ${columns(sql)} FROM journal_entry e WHERE e.program_id = ${programId} AND e.entry_key = ${entryKey}`;
  return row;
}

/** Postings of an entry in order of line. */
export function listPostings(
  sql: Sql,
  programId: number,
  entryId: string,
  { after, limit }: { after: number; limit: number },
): Promise<PostingRow[]> {
  return sql<PostingRow[]>`
    SELECT line, account, amount::text AS amount
    FROM postings_after(${programId}, ${entryId}::bigint, ${after}, ${limit}) ORDER BY line`;
}
