import { type CheckProgress, checkProgressSchema, type VerifyRunState } from '@rewardbook/contracts/api/verify';
import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import { z } from 'zod';

/** A verification as a job. */
export interface VerifyRun {
  readonly run: number;
  readonly state: VerifyRunState;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly cancelledBy: string | null;
  readonly failure: string | null;
  readonly checks: readonly CheckProgress[];
}

type StoredRun = Omit<VerifyRun, 'checks'> & { readonly checks: string };
const checksSchema = z.array(checkProgressSchema);

const columns = (sql: Sql) => sql`
  run_no AS run, state, started_by AS "startedBy", started_at AS "startedAt", ended_at AS "endedAt", cancelled_by AS "cancelledBy",
  failure, checks`;

function toRun({ checks, ...row }: StoredRun): VerifyRun {
  return { ...row, checks: checksSchema.parse(JSON.parse(checks)) };
}

export async function findVerifyRun(sql: Sql, programId: number, run: number): Promise<VerifyRun | undefined> {
  const [row] = await sql<StoredRun[]>`
    SELECT ${columns(sql)} FROM verify_run WHERE program_id = ${programId} AND run_no = ${run}`;
  return row && toRun(row);
}

/** Verifications of a program, the newest first. */
export async function listVerifyRuns(
  sql: Sql,
  programId: number,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<VerifyRun[]> {
  const rows = await sql<StoredRun[]>`
    SELECT ${columns(sql)} FROM verify_run
    WHERE program_id = ${programId} AND ${before === undefined ? sql`true` : sql`run_no < ${before}`}
    ORDER BY run_no DESC LIMIT ${limit}`;
  return rows.map(toRun);
}

/** The one that is under way, whoever works on it. */
export async function findRunning(sql: Sql, programId: number): Promise<number | undefined> {
  const [row] = await sql<{ run: number }[]>`
    SELECT run_no AS run FROM verify_run WHERE program_id = ${programId} AND state = 'running'`;
  return row?.run;
}

/**
 * Begins a verification, which is under way as long as this connection is there.
 *
 * @param connection of its own
 * @returns `begun` is false where one was under way: its number
 * @throws BooksRefused `unauthorized`, `forbidden`
 */
export async function beginVerifyRun(
  connection: Sql,
  programId: number,
  { actor, checks }: { readonly actor: Actor; readonly checks: readonly CheckProgress[] },
): Promise<{ readonly run: number; readonly begun: boolean }> {
  const [row] = await connection<{ run: number; begun: boolean }[]>`
    SELECT run_no AS run, begun FROM begin_verify_run(${programId}, ${actor}, ${JSON.stringify(checks)})`.catch(
    asRefusal,
  );
  if (row === undefined) {
    throw new Error('begin_verify_run gave no row');
  }
  return row;
}

/** Notes how far it is; false where it is not to go on. */
export async function noteVerifyRun(
  sql: Sql,
  programId: number,
  run: number,
  checks: readonly CheckProgress[],
): Promise<boolean> {
  const [row] = await sql<{ goesOn: boolean }[]>`
    SELECT note_verify_run(${programId}, ${run}, ${JSON.stringify(checks)}) AS "goesOn"`;
  return row?.goesOn === true;
}

export interface VerifyRunEnd {
  readonly state: Exclude<VerifyRunState, 'running'>;
  readonly checks: readonly CheckProgress[];
  readonly failure: string | null;
}

export async function endVerifyRun(
  sql: Sql,
  programId: number,
  run: number,
  { state, checks, failure }: VerifyRunEnd,
): Promise<void> {
  await sql`SELECT end_verify_run(${programId}, ${run}, ${state}, ${JSON.stringify(checks)}, ${failure})`;
}

/** Asks it to end. @throws BooksRefused `verify-run-unknown`, `unauthorized`, `forbidden` */
export async function cancelVerifyRun(sql: Sql, programId: number, run: number, actor: Actor): Promise<void> {
  await sql`SELECT cancel_verify_run(${programId}, ${run}, ${actor})`.catch(asRefusal);
}

/** Says of those that nobody works on that they were interrupted; gives how many. */
export async function sweepVerifyRuns(sql: Sql): Promise<number> {
  const [row] = await sql<{ swept: number }[]>`SELECT sweep_verify_runs() AS swept`;
  return row?.swept ?? 0;
}
