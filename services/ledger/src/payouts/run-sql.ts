import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import { BY_CREATOR, listPayouts, type RunPayout } from '@rewardbook/db/lists/payouts';
import { inPages, PAGE_ROWS } from '@rewardbook/db/pages';

/** All creators of a run by creatorId, in pieces. */
export function readPayouts(sql: Sql, programId: number, runNumber: number): AsyncIterable<readonly RunPayout[]> {
  return inPages<RunPayout>((last) => {
    const after = last === undefined ? undefined : { key: last.creatorId, id: last.creatorId };
    return listPayouts(sql, { programId, runNumber, filter: {} }, { ...BY_CREATOR, after, limit: PAGE_ROWS });
  });
}

/**
 * Drafts a run from the current balances. The same draft again by the same person returns the existing one.
 *
 * @throws BooksRefused `nothing-closed`
 */
export async function draftRun(
  sql: Sql,
  programId: number,
  actor: Actor,
): Promise<{ runId: string; created: boolean }> {
  const [row] = await sql<{ runId: string; created: boolean }[]>`
    SELECT run_id AS "runId", created FROM draft_run(${programId}, ${actor})`.catch(asRefusal);
  if (row === undefined) {
    throw new Error('draft_run gave no row');
  }
  return row;
}

/** A command on a run: who gives it, and the date on which its entry takes effect, `YYYY-MM-DD`. */
export interface RunCommand {
  readonly programId: number;
  readonly runId: string;
  readonly effectiveAt: string;
  readonly actor: Actor;
}

const changed = async (rows: Promise<{ changed: boolean }[]>): Promise<boolean> => {
  const [row] = await rows.catch(asRefusal);
  if (row === undefined) {
    throw new Error('a function gave no row');
  }
  return row.changed;
};

/**
 * Posts what was drafted. False where it was approved before.
 *
 * @throws BooksRefused `run-unknown`, `run-changed`, `run-discarded`, `self-approval`, `nothing-due`
 */
export function approveRun(sql: Sql, { contentHash, ...by }: RunCommand & { contentHash: string }): Promise<boolean> {
  return changed(sql<{ changed: boolean }[]>`
    SELECT approve_run(${by.programId}, ${by.runId}, ${contentHash}, ${by.effectiveAt}::date, ${by.actor}) AS changed`);
}

/** @throws BooksRefused `run-unknown`, `run-not-draft` */
export function discardRun(sql: Sql, { reason, ...by }: RunCommand & { reason: string }): Promise<boolean> {
  return changed(sql<{ changed: boolean }[]>`
    SELECT discard_run(${by.programId}, ${by.runId}, ${reason}, ${by.actor}) AS changed`);
}

/** @throws BooksRefused `run-unknown`, `run-not-approved` */
export function exportRun(sql: Sql, by: RunCommand): Promise<boolean> {
  return changed(sql<{ changed: boolean }[]>`
    SELECT export_run(${by.programId}, ${by.runId}, ${by.actor}) AS changed`);
}

/** @throws BooksRefused `run-unknown`, `run-not-exported` */
export function settleRun(sql: Sql, { reference, ...by }: RunCommand & { reference: string | null }): Promise<boolean> {
  return changed(sql<{ changed: boolean }[]>`
    SELECT settle_run(${by.programId}, ${by.runId}, ${reference}, ${by.effectiveAt}::date, ${by.actor}) AS changed`);
}
