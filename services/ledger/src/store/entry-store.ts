import { textArray } from '@rewardbook/db/array-literal';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

/** Opens the entry of an attempt of a close: postings are staged under its number, and count once it is posted. */
export async function beginEntry(sql: Sql, programId: number, foldId: string): Promise<string> {
  const [row] = await sql<
    { entryId: string }[]
  >`SELECT begin_entry(${programId}, ${foldId}::bigint)::text AS "entryId"`;
  if (row === undefined) throw new Error('begin_entry gave no row');
  return row.entryId;
}

/** A posting as it is staged: whose account it is ('' for the platform's), and major units, debit positive. */
export interface StagedPosting {
  readonly account: string;
  readonly creatorId: string;
  readonly amount: string;
}

/** Stages a piece of an entry's postings; lines count from 1 over all pieces. */
export async function stagePostings(
  sql: Sql,
  programId: number,
  entryId: string,
  firstLine: number,
  postings: readonly StagedPosting[],
): Promise<void> {
  await sql`
    SELECT stage_postings(
      ${programId}, ${entryId}::bigint, ${firstLine}, ${textArray(postings.map((p) => p.account))}::text[],
      ${textArray(postings.map((p) => p.creatorId))}::text[], ${textArray(postings.map((p) => p.amount))}::text[])
  `.catch(asRefusal);
}

/** Creators from one to another, in whose order lines from a first one are given. */
export interface AllocatedLines {
  readonly foldId: string;
  readonly entryId: string;
  readonly firstLine: number;
  readonly first: string;
  readonly last: string;
}

/** Stages a posting for each creator of a range to whom something is allocated under the fold, which is staged already. */
export async function stageAllocated(
  sql: Sql,
  programId: number,
  { foldId, entryId, firstLine, first, last }: AllocatedLines,
): Promise<void> {
  await sql`
    SELECT stage_allocated(${programId}, ${foldId}::bigint, ${entryId}::bigint, ${first}, ${last}, ${firstLine})
  `.catch(asRefusal);
}

/** The outcome of a close, as `commit_close` takes it. Money in major units. */
export interface CommitCloseCall {
  readonly programId: number;
  readonly period: string;
  readonly foldId: string;
  readonly entryId: string;
  readonly allocations: number;
  readonly effectiveAt: string;
  /** Canonical JSON of the entry's details. */
  readonly details: string;
  readonly postings: number;
  readonly postingsHash: string;
  readonly funded: string;
  readonly pool: string;
  readonly allocated: string;
  readonly undistributed: string;
  readonly revenueCarriedOut: string;
  readonly policyHash: string;
  readonly creatorsHash: string;
  readonly resultHash: string;
  /** JSON */
  readonly excluded: string;
  readonly metrics: string;
}

/**
 * Makes a close good: entry, balances and the period's outcome in one call. `created` is false where it stands already; the
 * resultHash is then that of the one that stands.
 *
 * @throws BooksRefused `fold-not-open`
 */
export async function commitClose(sql: Sql, call: CommitCloseCall): Promise<{ resultHash: string; created: boolean }> {
  const [row] = await sql<{ resultHash: string; created: boolean }[]>`
    SELECT result_hash AS "resultHash", created FROM commit_close(
      ${call.programId}, ${call.period}, ${call.foldId}::bigint, ${call.entryId}::bigint, ${call.allocations},
      ${call.effectiveAt}::date, ${call.details}, ${call.postings}, ${call.postingsHash}, ${call.funded}, ${call.pool},
      ${call.allocated}, ${call.undistributed}, ${call.revenueCarriedOut}, ${call.policyHash}, ${call.creatorsHash},
      ${call.resultHash}, ${call.excluded}, ${call.metrics})`.catch(asRefusal);
  if (row === undefined) throw new Error('commit_close gave no row');
  return row;
}
