import type { RequestKind, RequestStatus } from '@rewardbook/contracts/api/approvals';
import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';

/** Something that a second person decides on. `payload` is canonical JSON of what will be done. */
export interface RequestRow {
  readonly number: number;
  readonly kind: RequestKind;
  readonly key: string;
  readonly payload: string;
  readonly payloadHash: string;
  readonly status: RequestStatus;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly note: string | null;
  readonly outcome: string | null;
}

const columns = (sql: Sql) => sql`
  request_no AS number, kind, request_key AS key, payload, payload_hash AS "payloadHash", status, requested_by AS "requestedBy",
  requested_at AS "requestedAt", decided_by AS "decidedBy", decided_at AS "decidedAt", note, outcome`;

export interface ApprovalCall {
  readonly programId: number;
  readonly kind: RequestKind;
  /** Of what is asked for: one request at a time waits for it. */
  readonly key: string;
  readonly payload: string;
  readonly actor: Actor;
}

/** @throws BooksRefused `reference-conflict` */
export async function requestApproval(sql: Sql, call: ApprovalCall): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    SELECT request_no AS number FROM request_approval(
      ${call.programId}, ${call.kind}, ${call.key}, ${call.payload}, ${call.actor})`.catch(asRefusal);
  if (row === undefined) {
    throw new Error('request_approval gave no row');
  }
  return row.number;
}

export interface DecideCall {
  readonly programId: number;
  readonly request: number;
  readonly isApproved: boolean;
  readonly payloadHash: string | null;
  readonly note: string | null;
  readonly actor: Actor;
}

/** @throws BooksRefused `request-unknown`, `request-changed`, `request-decided`, `self-approval` */
export async function decideRequest(sql: Sql, call: DecideCall): Promise<void> {
  await sql`
    SELECT decide_request(
      ${call.programId}, ${call.request}, ${call.isApproved}::boolean, ${call.payloadHash}, ${call.note}, ${call.actor})
  `.catch(asRefusal);
}

/** Notes what came of an approved request that is not used up: why it failed, or what had been done already. */
export async function finishRequest(
  sql: Sql,
  programId: number,
  request: number,
  { hasFailed, outcome }: { hasFailed: boolean; outcome: string },
): Promise<void> {
  await sql`SELECT finish_request(${programId}, ${request}, ${hasFailed}::boolean, ${outcome})`;
}

export async function findRequest(sql: Sql, programId: number, request: number): Promise<RequestRow | undefined> {
  const [row] = await sql<RequestRow[]>`
    SELECT ${columns(sql)} FROM approval_request WHERE program_id = ${programId} AND request_no = ${request}`;
  return row;
}

/** Requests in order of their numbers. */
export function listRequests(
  sql: Sql,
  programId: number,
  { status, after, limit }: { status?: RequestStatus; after: number; limit: number },
): Promise<RequestRow[]> {
  return sql<RequestRow[]>`
    SELECT ${columns(sql)} FROM approval_request
    WHERE program_id = ${programId} AND request_no > ${after} AND (${status ?? null}::text IS NULL OR status = ${status ?? null})
    ORDER BY request_no LIMIT ${limit}`;
}

/** Requests that were approved and not carried out: a crash came between. */
export function approvedRequests(sql: Sql): Promise<{ program: string; request: number }[]> {
  return sql<{ program: string; request: number }[]>`
    SELECT p.slug AS program, a.request_no AS request FROM approval_request a JOIN program p USING (program_id)
    WHERE a.status = 'approved' AND a.decided_at < now() - interval '5 seconds' ORDER BY a.decided_at`;
}
