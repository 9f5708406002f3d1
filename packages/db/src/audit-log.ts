import type { Sql } from './client.ts';

/** A request that is about to change something, by the key with a SHA-256 (in hex). */
export interface AuditIntent extends AuditedRequest {
  readonly keyHash: string;
}

interface AuditedRequest {
  readonly method: string;
  /** The route's pattern, as `/v1/programs/:program/revenue`. */
  readonly route: string;
  readonly program: string | null;
  readonly requestId: string;
  /** SHA-256 of the body as received, in hex; null if the request had no body or it is still arriving. */
  readonly bodySha256: string | null;
  /** JSON of what may be shown: never a secret. */
  readonly summary: string;
}

/** What a request was answered with. `bodySha256` where it was not known before. */
export interface AuditOutcome {
  readonly status: number;
  readonly bodySha256: string | null;
}

/** Where changing requests are written down: `begin` before the change, `end` after it. */
export interface AuditLog {
  /** Resolves once the intent is durable, with its number. */
  begin(intent: AuditIntent): Promise<number>;
  /** The first outcome of a number is kept; later ones are ignored. */
  end(auditId: number, outcome: AuditOutcome): Promise<void>;
}

/** The audit log of the database, as a service writes it. */
export function auditLog(sql: Sql, service: string): AuditLog {
  return {
    async begin({ keyHash, method, route, program, requestId, bodySha256, summary }) {
      const [row] = await sql<{ auditId: number }[]>`
        SELECT append_audit(${service}, decode(${keyHash}, 'hex'), ${method}, ${route}, ${program}, ${requestId}, ${bodySha256},
                            ${summary})::float8 AS "auditId"`;
      if (row === undefined) {
        throw new Error('append_audit gave no row');
      }
      return row.auditId;
    },
    async end(auditId, { status, bodySha256 }) {
      await sql`SELECT append_audit_outcome(${auditId}::bigint, ${status}, ${bodySha256})`;
    },
  };
}

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

export interface AuditQuery {
  /** Slugs: only requests about one of these programs; null: all, those about no program too. */
  readonly programs: readonly string[] | null;
  readonly key: string | undefined;
  readonly since: Date | undefined;
  readonly after: number;
  readonly limit: number;
}

/** Requests in the order in which they came, which is that of their numbers. */
export function listAudit(sql: Sql, { programs, key, since, after, limit }: AuditQuery): Promise<AuditRow[]> {
  const of = programs === null ? null : [...programs];
  return sql<AuditRow[]>`
    SELECT a.audit_id::float8 AS "auditId", a.at, a.service, a.key_id::float8 AS "keyId", a.key_name AS "keyName", a.method, a.route,
           a.program, a.request_id AS "requestId", coalesce(a.body_sha256, o.body_sha256) AS "bodySha256", a.summary,
           o.status, o.at AS "answeredAt"
    FROM audit_log a LEFT JOIN audit_outcome o ON o.audit_id = a.audit_id
    WHERE a.audit_id > ${after}::bigint
      AND (${of}::text[] IS NULL OR a.program = ANY (${of}::text[]))
      AND (${key ?? null}::text IS NULL OR a.key_name = ${key ?? null})
      AND (${since ?? null}::timestamptz IS NULL OR a.at >= ${since ?? null})
    ORDER BY a.audit_id LIMIT ${limit}`;
}
