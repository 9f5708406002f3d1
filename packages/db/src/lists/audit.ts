import type { ListOrder } from '@rewardbook/contracts/values/list-query';
import { textArray } from '../array-literal.ts';
import type { AuditedRequest } from '../audit-log.ts';
import type { Sql } from '../client.ts';
import { contains, where } from './conditions.ts';
import { allOf, piece, runPiece, type SqlPiece } from './sql-piece.ts';
import { type Walked, walked, walkFrom } from './walk.ts';

/** A request with its outcome; `status` is null where none is known. */
export interface AuditRow extends AuditedRequest {
  readonly keyId: number;
  readonly keyName: string;
  readonly auditId: number;
  readonly at: Date;
  readonly service: string;
  readonly status: number | null;
  readonly answeredAt: Date | null;
}

/** Which requests. */
export interface AuditFilter {
  /** Slugs: only requests about one of these programs; null: all, those about no program too. */
  readonly programs?: readonly string[] | null | undefined;
  readonly key?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  /** A part of method and route. */
  readonly action?: string | undefined;
  readonly outcome?: 'done' | 'refused' | 'failed' | 'open' | undefined;
}

const OUTCOMES = {
  done: piece`o.status BETWEEN 200 AND 299`,
  refused: piece`o.status BETWEEN 400 AND 499`,
  failed: piece`o.status >= 500`,
  open: piece`o.status IS NULL`,
} as const satisfies Record<NonNullable<AuditFilter['outcome']>, SqlPiece>;

/** A page of requests in the order in which they came, which is that of their numbers. A search that finds little ends after a number of them (`walkFrom`). */
export async function listAudit(
  sql: Sql,
  { programs = null, key, since, until, action, outcome }: AuditFilter,
  { order, after, limit }: { order: ListOrder; after: number | undefined; limit: number },
): Promise<Walked<AuditRow>> {
  const [ends] = await sql<{ first: number; last: number }[]>`
    SELECT coalesce(min(audit_id), 1)::float8 AS first, coalesce(max(audit_id), 0)::float8 AS last FROM audit_log`;
  const isSearch = [key, since, until, action, outcome].some((value) => value !== undefined);
  const walk = walkFrom({ order, after, first: ends?.first ?? 1, last: ends?.last ?? 0, isIndexed: !isSearch });
  const conditions = allOf([
    piece`a.audit_id BETWEEN ${walk.low}::bigint AND ${walk.high}::bigint`,
    ...(programs === null ? [] : [piece`a.program = ANY (${textArray([...programs])}::text[])`]),
    ...where(key, (name) => piece`a.key_name = ${name}`),
    ...where(since?.toISOString(), (at) => piece`a.at >= ${at}::timestamptz`),
    ...where(until?.toISOString(), (at) => piece`a.at < ${at}::timestamptz`),
    ...where(action, (text) => contains(piece`(a.method || ' ' || a.route) COLLATE "C"`, text)),
    ...(outcome === undefined ? [] : [OUTCOMES[outcome]]),
  ]);
  const rows = await runPiece<AuditRow>(
    sql,
    piece`
      SELECT a.audit_id::float8 AS "auditId", a.at, a.service, a.key_id::float8 AS "keyId", a.key_name AS "keyName", a.method, a.route,
             a.program, a.request_id AS "requestId", coalesce(a.body_sha256, o.body_sha256) AS "bodySha256", a.summary,
             o.status, o.at AS "answeredAt"
      FROM audit_log a LEFT JOIN audit_outcome o ON o.audit_id = a.audit_id
      WHERE ${conditions} ORDER BY ${order === 'asc' ? piece`a.audit_id` : piece`a.audit_id DESC`} LIMIT ${limit + 1}`,
  );
  return walked(rows, limit, { order, walk, numberOf: ({ auditId }) => auditId });
}
