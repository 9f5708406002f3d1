import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { PeriodKind } from '@rewardbook/domain/values/period';
import { type Currency, currencyOf } from '@rewardbook/money/currency';

/** What of a program never changes. */
export interface Program {
  readonly programId: number;
  readonly slug: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly periodKind: PeriodKind;
  readonly createdAt: Date;
}

interface ProgramRow {
  programId: number;
  slug: string;
  currency: string;
  timeZone: string;
  periodKind: PeriodKind;
  createdAt: Date;
}

/** A program with its newest policy, for lists. */
export interface ListedProgram extends Program {
  readonly policyVersion: number;
  readonly policyHash: string;
  readonly policy: string;
}

const toProgram = (row: ProgramRow): Program => ({ ...row, currency: currencyOf(row.currency) });

export async function findProgram(sql: Sql, slug: string): Promise<Program | undefined> {
  const [row] = await sql<ProgramRow[]>`
    SELECT program_id AS "programId", slug, currency, time_zone AS "timeZone", period_kind AS "periodKind", created_at AS "createdAt"
    FROM program WHERE slug = ${slug}`;
  return row && toProgram(row);
}

export async function findProgramById(sql: Sql, programId: number): Promise<Program | undefined> {
  const [row] = await sql<ProgramRow[]>`
    SELECT program_id AS "programId", slug, currency, time_zone AS "timeZone", period_kind AS "periodKind", created_at AS "createdAt"
    FROM program WHERE program_id = ${programId}`;
  return row && toProgram(row);
}

/** Programs by slug, with their newest policy. */
export async function listPrograms(
  sql: Sql,
  { only, after, limit }: { only?: string; after?: string; limit: number },
): Promise<ListedProgram[]> {
  const rows = await sql<(ProgramRow & { policyVersion: number; policyHash: string; policy: string })[]>`
    SELECT p.program_id AS "programId", p.slug, p.currency, p.time_zone AS "timeZone", p.period_kind AS "periodKind",
           p.created_at AS "createdAt", v.version AS "policyVersion", v.policy_hash AS "policyHash", v.policy
    FROM program p
    JOIN LATERAL (SELECT * FROM policy_version v WHERE v.program_id = p.program_id ORDER BY v.version DESC LIMIT 1) AS v ON true
    WHERE (${only ?? null}::text IS NULL OR p.slug = ${only ?? null}) AND (${after ?? null}::text IS NULL OR p.slug > ${after ?? null})
    ORDER BY p.slug LIMIT ${limit}`;
  return rows.map((row) => ({
    ...toProgram(row),
    policyVersion: row.policyVersion,
    policyHash: row.policyHash,
    policy: row.policy,
  }));
}

/** The end of a program's journal and the newest version of its registry. */
export interface ProgramHead {
  readonly seq: number;
  readonly hash: string;
  readonly creatorsVersion: number;
}

export async function readHead(sql: Sql, programId: number): Promise<ProgramHead> {
  const [row] = await sql<ProgramHead[]>`
    SELECT seq::float8 AS seq, hash, creators_version AS "creatorsVersion" FROM program_head WHERE program_id = ${programId}`;
  if (row === undefined) {
    throw new Error(`program ${programId} has no head row`);
  }
  return row;
}

export interface ApplyPolicyCall {
  readonly slug: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly periodKind: PeriodKind;
  /** Canonical JSON of the stored form. */
  readonly policy: string;
  readonly policyHash: string;
  /** First period and its start in epoch milliseconds; null: from the beginning. */
  readonly validFrom: { readonly period: string; readonly start: number } | null;
  readonly actor: Actor;
}

/** A version of a policy, and whether this call added it. */
export interface AppliedVersion {
  readonly programId: number;
  readonly version: number;
  readonly created: boolean;
}

/** @throws BooksRefused `program-fixed`, `policy-too-early`, `approval-needed` */
export async function applyPolicy(sql: Sql, call: ApplyPolicyCall): Promise<AppliedVersion> {
  const [row] = await sql<AppliedVersion[]>`
    SELECT program_id AS "programId", version, created FROM apply_policy(
      ${call.slug}, ${call.currency.code}, ${call.currency.digits}::smallint, ${call.timeZone}, ${call.periodKind},
      ${call.policy}, ${call.policyHash}, ${call.validFrom?.period ?? null}, ${call.validFrom?.start ?? null}::bigint, ${call.actor})
  `.catch(asRefusal);
  if (row === undefined) {
    throw new Error('apply_policy gave no row');
  }
  return row;
}
