import type { Sql } from '@rewardbook/db/client';
import type { ReportedProgram } from './reported-program.ts';

/** Whether a creator is registered, or has anything in the books or in the estimates. */
export async function creatorIsKnown(sql: Sql, programId: number, creatorId: string): Promise<boolean> {
  const [row] = await sql<{ known: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM creator WHERE program_id = ${programId} AND creator_id = ${creatorId})
        OR EXISTS (SELECT 1 FROM postings_between(${programId}, ${creatorId}, ${creatorId}))
        OR EXISTS (SELECT 1 FROM tally WHERE program_id = ${programId} AND creator_id = ${creatorId}) AS known`;
  return row?.known ?? false;
}

/** What a creator is called now. */
export interface CreatorNames {
  readonly handle: string | null;
  readonly payee: string | null;
}

export async function findNames(
  sql: Sql,
  { programId, creatorsVersion }: ReportedProgram,
  creatorId: string,
): Promise<CreatorNames | undefined> {
  const [row] = await sql<CreatorNames[]>`
    SELECT handle, payee FROM creator
    WHERE program_id = ${programId} AND creator_id = ${creatorId} AND version <= ${creatorsVersion}
    ORDER BY version DESC LIMIT 1`;
  return row;
}
