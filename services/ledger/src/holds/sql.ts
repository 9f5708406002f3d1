import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

export interface HoldRow {
  readonly number: number;
  readonly creatorId: string;
  readonly action: 'placed' | 'lifted';
  readonly reason: string;
  readonly note: string | null;
  readonly actor: string;
  readonly at: Date;
}

export interface SetHoldCall {
  readonly programId: number;
  readonly creatorId: string;
  readonly action: 'placed' | 'lifted';
  readonly reason: string;
  readonly note: string | null;
  readonly actor: Actor;
}

/** Places or lifts a hold. False if nothing changed. @throws BooksRefused `creator-unknown`, `approval-needed` */
export async function setHold(sql: Sql, call: SetHoldCall): Promise<boolean> {
  const [row] = await sql<{ changed: boolean }[]>`
    SELECT set_hold(${call.programId}, ${call.creatorId}, ${call.action}, ${call.reason}, ${call.note}, ${call.actor}) AS changed
  `.catch(asRefusal);
  if (row === undefined) {
    throw new Error('set_hold gave no row');
  }
  return row.changed;
}

export async function isOnHold(sql: Sql, programId: number, creatorId: string): Promise<boolean> {
  const rows = await sql`SELECT 1 FROM holds_in_force(${programId}) WHERE creator_id = ${creatorId} LIMIT 1`;
  return rows.length > 0;
}

/** The number under which a hold that is in force was placed. */
export async function findPlacing(
  sql: Sql,
  programId: number,
  creatorId: string,
  reason: string,
): Promise<string | undefined> {
  const [row] = await sql<{ hold: string }[]>`
    SELECT hold_no::text AS hold FROM holds_in_force(${programId}) WHERE creator_id = ${creatorId} AND reason = ${reason}`;
  return row?.hold;
}

/** What was placed and lifted in order, or only what is in force. */
export function listHolds(
  sql: Sql,
  programId: number,
  { creatorId, inForce, after, limit }: { creatorId?: string; inForce: boolean; after: number; limit: number },
): Promise<HoldRow[]> {
  return sql<HoldRow[]>`
    SELECT h.hold_no::float8 AS number, h.creator_id AS "creatorId", h.action, h.reason, h.note, h.actor, h.at
    FROM creator_hold h
    WHERE h.program_id = ${programId} AND h.hold_no > ${after}::bigint
      AND (${creatorId ?? null}::text IS NULL OR h.creator_id = ${creatorId ?? null})
      AND (NOT ${inForce}::boolean OR (h.action = 'placed' AND NOT EXISTS (
            SELECT 1 FROM creator_hold n WHERE n.program_id = h.program_id AND n.creator_id = h.creator_id
              AND n.reason = h.reason AND n.hold_no > h.hold_no)))
    ORDER BY h.hold_no LIMIT ${limit}`;
}
