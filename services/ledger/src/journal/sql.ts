import type { Sql } from '@rewardbook/db/client';

export interface PostingRow {
  readonly line: number;
  readonly account: string;
  readonly amount: string;
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
