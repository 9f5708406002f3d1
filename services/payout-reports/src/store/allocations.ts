import type { Sql } from '@rewardbook/db/client';
import { inBatches } from './in-batches.ts';
import type { Program } from './program.ts';

/** What a close gave a creator, and what the registry knows now that a payout needs. Money in major units. */
export interface AllocationRow {
  readonly creatorId: string;
  readonly closeNo: number;
  readonly likes: number;
  readonly follows: number;
  readonly points: string;
  readonly weight: string;
  readonly amount: string;
  readonly payee: string | null;
  readonly taxCountry: string | null;
}

export interface AllocationRange {
  readonly firstClose: number;
  readonly lastClose: number;
  readonly creatorId: string | undefined;
}

/** Allocations of closed periods, by creator, then close. */
export function readAllocations(sql: Sql, program: Program, range: AllocationRange): AsyncGenerator<AllocationRow[]> {
  const { programId, creatorsVersion } = program;
  const query = sql<AllocationRow[]>`
    SELECT a.creator_id AS "creatorId", c.close_no AS "closeNo", a.net_likes::integer AS likes, a.net_follows::integer AS follows,
           trim_scale(a.points)::text AS points, a.weight::text AS weight, a.amount::text AS amount,
           r.payee, r.tax_country AS "taxCountry"
    FROM period c
    JOIN allocation a ON a.program_id = c.program_id AND a.fold_id = c.fold_id
    LEFT JOIN creators_at(${programId}, ${creatorsVersion}) r ON r.creator_id = a.creator_id
    WHERE c.program_id = ${programId} AND c.status = 'closed' AND c.close_no BETWEEN ${range.firstClose} AND ${range.lastClose}
      ${range.creatorId === undefined ? sql`` : sql`AND a.creator_id = ${range.creatorId}`}
    ORDER BY a.creator_id, c.close_no`;
  return inBatches(sql, query);
}
