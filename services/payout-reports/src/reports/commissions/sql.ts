import type { CommissionPayer } from '@rewardbook/domain/policy/policy';
import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedProgram } from '../../service/reported-program.ts';

export interface CommissionFilter {
  readonly period?: string | undefined;
  /** Scout, or who was scouted. */
  readonly creator?: string | undefined;
}

/** Money in major units. */
export type StoredCommission = {
  readonly period: string;
  readonly scoutId: string;
  readonly creatorId: string;
  readonly scoutedOn: string;
  readonly periods: number;
  readonly base: string;
  readonly share: string;
  readonly amount: string;
  readonly paidBy: CommissionPayer;
  readonly entryKey: string;
};

/** By close, scout and creator. */
export function readCommissions(
  source: ReportSource,
  { programId }: ReportedProgram,
  { period, creator }: CommissionFilter,
): AsyncGenerator<StoredCommission[]> {
  return inBatches(source, {
    isOfMany: creator === undefined,
    text: `
      SELECT c.period, m.scout_id AS "scoutId", m.creator_id AS "creatorId", r.scouted_on::text AS "scoutedOn",
             (v.policy::jsonb #>> '{scouts,periods}')::integer AS periods, a.amount::text AS base,
             v.policy::jsonb #>> '{scouts,share}' AS share, m.amount::text AS amount, m.paid_by AS "paidBy",
             c.entry_key AS "entryKey"
      FROM close c
      JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
      JOIN commission m ON m.program_id = c.program_id AND m.attempt_id = c.attempt_id
      CROSS JOIN LATERAL (
        SELECT k.scouted_on FROM creator k
        WHERE k.program_id = c.program_id AND k.creator_id = m.creator_id AND k.version <= c.creators_version
        ORDER BY k.version DESC LIMIT 1) AS r
      JOIN LATERAL allocated_to(c.program_id, c.attempt_id) AS a ON a.creator_id = m.creator_id
      WHERE c.program_id = $1 AND c.status = 'closed' AND ($2::text IS NULL OR c.period = $2)
        AND ($3::text IS NULL OR m.scout_id = $3 OR m.creator_id = $3)
      ORDER BY c.close_no, m.scout_id, m.creator_id`,
    values: [programId, period ?? null, creator ?? null],
  });
}
