import { textArray } from '@rewardbook/db/array-literal';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { CloseParts, CommissionRow } from '@rewardbook/domain/beyond/close-parts';
import { type PrintedParts, printedParts } from '@rewardbook/domain/beyond/printed-parts';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';

/** Stages what a close gives besides the pool. Each part in one call: they are as many as scouted creators and members. */
export async function stageParts(
  sql: Sql,
  { programId, currency }: Program,
  attemptId: string,
  { commissions = [] }: CloseParts,
  { scouts }: Pick<Policy, 'scouts'>,
): Promise<void> {
  if (commissions.length > 0) {
    await sql`
      SELECT stage_commissions(
        ${programId}, ${attemptId}::bigint, ${textArray(commissions.map((row) => row.scoutId))}::text[],
        ${textArray(commissions.map((row) => row.creatorId))}::text[],
        ${textArray(commissions.map((row) => formatAmount(row.amount, currency)))}::text[],
        ${scouts?.paidBy ?? null})`.catch(asRefusal);
  }
}

/** What a close gave besides the pool, as its result prints it. */
export async function readParts(
  sql: Sql,
  { programId, currency }: Program,
  attemptId: string,
  policy: Pick<Policy, 'scouts'>,
): Promise<PrintedParts> {
  const commissions = policy.scouts && (await readCommissions(sql, programId, attemptId));
  return printedParts(
    {
      ...(commissions && {
        commissions: commissions.map((row) => ({ ...row, amount: parseAmount(row.amount, currency) })),
      }),
    },
    currency,
  );
}

/** By scoutId and creatorId; amounts in major units. */
function readCommissions(
  sql: Sql,
  programId: number,
  attemptId: string,
): Promise<(Omit<CommissionRow, 'amount'> & { readonly amount: string })[]> {
  return sql<(Omit<CommissionRow, 'amount'> & { readonly amount: string })[]>`
    SELECT scout_id AS "scoutId", creator_id AS "creatorId", amount::text AS amount
    FROM commission WHERE program_id = ${programId} AND attempt_id = ${attemptId}::bigint ORDER BY scout_id, creator_id`;
}

/** What the parts of a close give each creator on top of the pool, by creatorId; major units, maybe below zero. */
export async function readGiven(sql: Sql, programId: number, attemptId: string): Promise<Map<string, string>> {
  const given = new Map<string, string>();
  await sql<{ creatorId: string; amount: string }[]>`
    SELECT creator_id AS "creatorId", amount::text AS amount FROM given_by_parts(${programId}, ${attemptId}::bigint)
    WHERE amount <> 0 ORDER BY creator_id`.forEach(({ creatorId, amount }) => {
    given.set(creatorId, amount);
  });
  return given;
}
