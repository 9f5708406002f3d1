import { encodePathPart } from '@rewardbook/contracts/values/path-part';
import { type CloseWithPolicy, type FinishedClose, findClose } from '@rewardbook/db/books/closes';
import { requirePolicy } from '@rewardbook/db/books/policies';
import type { Sql } from '@rewardbook/db/client';
import type { Currency } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/http/errors';
import { creatorIsKnown } from '../service/creators-sql.ts';
import { datesOf, type ReportContext } from '../service/report-context.ts';
import { findAllocation } from './sql/close.ts';
import type { ExplainedScope } from './sql/events.ts';

/** A finished close with the policy that it used. */
export type ExplainedClose = FinishedClose & CloseWithPolicy;

/** Whose share of which close. */
export interface ShareOfClose {
  readonly sql: Sql;
  readonly programId: number;
  readonly currency: Currency;
  readonly close: ExplainedClose;
  readonly creatorId: string;
  readonly weight: bigint;
}

/** A creator at a closed period. */
export interface ExplainedCreator {
  readonly context: ReportContext;
  readonly period: string;
  readonly creatorId: string;
  readonly close: ExplainedClose;
  readonly scope: ExplainedScope;
}

/** Throws DomainError `bad-period`; AppError `not-closed`, `creator-unknown`. */
export async function openExplanation(
  context: ReportContext,
  period: string,
  creatorId: string,
): Promise<ExplainedCreator> {
  const { sql, program } = context;
  const { programId, slug } = program;
  datesOf(program, period);
  const finished = await findClose(sql, programId, period);
  if (finished?.status !== 'closed') {
    throw new AppError('not-closed', `Period ${period} is not closed; its amounts can be explained once it is`);
  }
  const { policy } = await requirePolicy(sql, programId, finished.policyVersion);
  const close = { ...finished, policy };
  const isKnown =
    (await findAllocation(sql, programId, close.attemptId, creatorId)) !== undefined ||
    (await creatorIsKnown(sql, programId, creatorId));
  if (!isKnown) {
    throw new AppError('creator-unknown', `Nothing is known of a creator ${creatorId} in ${slug}`);
  }
  return { context, period, creatorId, close, scope: { programId, creatorId, ...close } };
}

/** Path of an explanation; the paths of its lists begin with it. */
export function explanationPath({ context, period, creatorId }: ExplainedCreator): string {
  const { slug } = context.program;
  return `/v1/programs/${slug}/periods/${period}/creators/${encodePathPart(creatorId)}/explanation`;
}
