import type { CLOSE_PHASES } from '@rewardbook/contracts/api/live/books';
import type { Sql } from '@rewardbook/db/client';
import type { ClosePhase } from '../../service/ledger.ts';

/** Notes the steps of an attempt for people who watch it, in their order. The close waits for none of it, and fails by none. */
export function notePhases(sql: Sql, programId: number, attemptId: string): (phase: ClosePhase) => void {
  let count = 0;
  let last: ClosePhase | undefined;
  let noted: Promise<unknown> = Promise.resolve();
  return (phase) => {
    if (phase === 'stage' || phase === last) {
      return; // those that follow say it, or it goes on
    }
    last = phase;
    count += 1;
    const number = count;
    noted = noted.then(() =>
      sql`SELECT note_phase(${programId}, ${attemptId}::bigint, ${number}, ${phase})`.catch(() => undefined),
    );
  };
}

/** A step of a close, from when it began to when the next one did. */
export interface PhaseRow {
  readonly phase: (typeof CLOSE_PHASES)[number];
  readonly beganAt: Date;
}

/** How a close goes, or went: the steps of its newest attempt. */
export interface CloseSteps {
  readonly period: string;
  readonly status: 'closing' | 'closed';
  readonly begunBy: string;
  readonly begunAt: Date;
  readonly closedAt: Date | null;
  readonly failure: string | null;
  readonly retryAt: Date | null;
  readonly phases: readonly PhaseRow[];
}

/** The close of a period, or of whatever period is closing; undefined where no close was begun. */
export async function watchClose(sql: Sql, programId: number, period: string | null): Promise<CloseSteps | undefined> {
  const [close] = await sql<(Omit<CloseSteps, 'phases'> & { closeNo: number })[]>`
    SELECT period, close_no AS "closeNo", status, begun_by AS "begunBy", begun_at AS "begunAt", closed_at AS "closedAt", failure,
           retry_at AS "retryAt"
    FROM close WHERE program_id = ${programId} AND ${period === null ? sql`status = 'closing'` : sql`period = ${period}`}
    ORDER BY close_no DESC LIMIT 1`;
  if (close === undefined) {
    return undefined;
  }
  const { closeNo, ...watched } = close;
  const phases = await sql<PhaseRow[]>`
    SELECT p.phase, p.began_at AS "beganAt" FROM close_phase p
    WHERE p.program_id = ${programId} AND p.close_no = ${closeNo} AND p.attempt_id = (
      SELECT max(a.attempt_id) FROM close_phase a WHERE a.program_id = ${programId} AND a.close_no = ${closeNo})
    ORDER BY p.phase_no`;
  return { ...watched, phases };
}
