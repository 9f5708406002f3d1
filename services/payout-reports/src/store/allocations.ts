import { inBatches, type ReportSource } from './in-batches.ts';
import type { Program } from './program.ts';

/** What a close gave a creator, and what the registry knows now that a payout needs. Money in major units. */
export type AllocationRow = {
  readonly creatorId: string;
  readonly closeNo: number;
  readonly likes: number;
  readonly follows: number;
  readonly points: string;
  readonly weight: string;
  readonly amount: string;
  readonly payee: string | null;
  readonly taxCountry: string | null;
};

export interface AllocationRange {
  readonly firstClose: number;
  readonly lastClose: number;
  readonly creatorId: string | undefined;
}

/** Allocations of closed periods, by creator, then close. */
export function readAllocations(
  source: ReportSource,
  { programId, creatorsVersion }: Program,
  { firstClose, lastClose, creatorId }: AllocationRange,
): AsyncGenerator<AllocationRow[]> {
  return inBatches<AllocationRow>(source, {
    text: `
      SELECT a.creator_id AS "creatorId", c.close_no AS "closeNo", a.net_likes::integer AS likes,
             a.net_follows::integer AS follows, trim_scale(a.points)::text AS points, a.weight::text AS weight,
             a.amount::text AS amount, r.payee, r.tax_country AS "taxCountry"
      FROM period c
      JOIN allocation a ON a.program_id = c.program_id AND a.fold_id = c.fold_id
      LEFT JOIN creators_at($1, $2) r ON r.creator_id = a.creator_id
      WHERE c.program_id = $1 AND c.status = 'closed' AND c.close_no BETWEEN $3 AND $4
        AND ($5::text IS NULL OR a.creator_id = $5)
      ORDER BY a.creator_id, c.close_no`,
    values: [programId, creatorsVersion, firstClose, lastClose, creatorId ?? null],
  });
}
