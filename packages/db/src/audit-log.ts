import type { Sql } from './client.ts';

/** A request that is about to change something, by the key with a SHA-256 (in hex). */
export interface AuditIntent extends AuditedRequest {
  readonly keyHash: string;
}

/** What is written down of a request. */
export interface AuditedRequest {
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
