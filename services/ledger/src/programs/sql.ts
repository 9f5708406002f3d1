import type { Actor } from '@rewardbook/db/actor';
import type { Sql } from '@rewardbook/db/client';
import { asRefusal } from '@rewardbook/db/errors';
import type { PeriodKind } from '@rewardbook/domain/values/period';
import type { Currency } from '@rewardbook/money/currency';

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
