import { requireProgram } from '@rewardbook/db/books/program';
import { requireRun } from '@rewardbook/db/books/runs';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import type { Gated } from '../approvals/gate.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import { findReturn, type ReturnRow, remitTax, returnPayout } from './return-sql.ts';
import { type ChangedRun, commandRun, today } from './run-command.ts';
import * as store from './run-sql.ts';

/**
 * Drafts a payout run from the current balances. The same draft again by the same person returns the existing one.
 *
 * @throws BooksRefused `program-unknown`, `nothing-closed`
 */
export async function draftRun(ledger: Ledger, slug: string, { actor }: Caller): Promise<ChangedRun> {
  const { programId } = await requireProgram(ledger.sql, slug);
  const { runId, created } = await store.draftRun(ledger.slowSql, programId, actor);
  return { ...(await requireRun(ledger.sql, programId, runId)), repeated: !created };
}

/**
 * Posts a draft: payable → clearing and tax. Refused if it is no longer what was drafted.
 *
 * @throws BooksRefused `run-unknown`, `run-changed`, `run-discarded`, `self-approval`, `nothing-due`
 */
export function approveRun(ledger: Ledger, slug: string, runId: string, contentHash: string, by: Caller) {
  return commandRun(ledger, slug, runId, by, (call) => store.approveRun(ledger.slowSql, { ...call, contentHash }));
}

/** Puts a draft away. @throws BooksRefused `run-unknown`, `run-not-draft` */
export function discardRun(ledger: Ledger, slug: string, runId: string, reason: string, by: Caller) {
  return commandRun(ledger, slug, runId, by, (call) => store.discardRun(ledger.sql, { ...call, reason }));
}

/** Marks an approved run as handed to the bank. @throws BooksRefused `run-unknown`, `run-not-approved` */
export function exportRun(ledger: Ledger, slug: string, runId: string, by: Caller) {
  return commandRun(ledger, slug, runId, by, (call) => store.exportRun(ledger.sql, call));
}

/** The bank paid it: clearing → cash. @throws BooksRefused `run-unknown`, `run-not-exported` */
export function settleRun(ledger: Ledger, slug: string, runId: string, reference: string | undefined, by: Caller) {
  const bankReference = reference ?? null;
  return commandRun(ledger, slug, runId, by, (call) =>
    store.settleRun(ledger.slowSql, { ...call, reference: bankReference }),
  );
}

export type ReturnedPayout = ReturnRow & { readonly repeated: boolean };

/**
 * A payout came back, before or after its run was settled: it goes back to its creator, who is on hold from then on.
 *
 * @throws BooksRefused `run-unknown`, `run-not-approved`, `payout-unknown`
 */
export async function returnOne(
  ledger: Ledger,
  slug: string,
  runId: string,
  { creatorId, reason }: { creatorId: string; reason: string },
  { actor, now }: Caller,
): Promise<ReturnedPayout> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId } = program;
  const call = { programId, runId, creatorId, reason, effectiveAt: today(program, now), actor };
  const created = await returnPayout(ledger.sql, call);
  const row = await findReturn(ledger.sql, programId, runId, creatorId);
  if (row === undefined) {
    throw new Error(`the return of ${runId} ${creatorId} is not there after it was made`);
  }
  return { ...row, repeated: !created };
}

/** The return of a payout, which may need a second person. @throws as `returnOne` */
export async function planReturn(
  ledger: Ledger,
  slug: string,
  run: string,
  body: { creatorId: string; reason: string },
  by: Caller,
): Promise<Gated<ReturnedPayout>> {
  const { programId } = await requireProgram(ledger.sql, slug);
  const key = `payout-return:${run}:${body.creatorId}`;
  return {
    act: () => returnOne(ledger, slug, run, body, by),
    request: () => ({ programId, kind: 'return', key, payload: canonicalJson({ ...body, run }), actor: by.actor }),
  };
}

/**
 * Tax → cash: what was withheld for a country, by one run or by all, and is neither returned nor remitted.
 *
 * @throws BooksRefused `run-unknown`, `nothing-to-remit`, `reference-conflict`
 */
export async function remit(
  ledger: Ledger,
  slug: string,
  { country, run, reference }: { country: string; run?: string | undefined; reference: string },
  { actor, now }: Caller,
): Promise<{ entryKey: string; amount: string; repeated: boolean }> {
  const program = await requireProgram(ledger.sql, slug);
  const effectiveAt = today(program, now);
  const runId = run ?? null;
  const call = { programId: program.programId, country, runId, reference, effectiveAt, actor };
  const { created, ...remitted } = await remitTax(ledger.sql, call);
  return { ...remitted, repeated: !created };
}
