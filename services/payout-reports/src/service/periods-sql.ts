import type { Sql } from '@rewardbook/db/client';

/** A period that no close has begun, with the revenue booked for it so far. */
export interface OpenPeriod {
  readonly period: string;
  readonly revenue: string;
}

export async function listOpenPeriods(sql: Sql, programId: number): Promise<OpenPeriod[]> {
  return sql<OpenPeriod[]>`
    SELECT r.period, sum(r.amount)::text AS revenue FROM revenue r
    WHERE r.program_id = ${programId}
      AND NOT EXISTS (SELECT 1 FROM close c WHERE c.program_id = r.program_id AND c.period = r.period)
    GROUP BY r.period, r.starts_at ORDER BY r.starts_at`;
}
