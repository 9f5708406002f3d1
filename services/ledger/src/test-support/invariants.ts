import { type Program, readHead } from '@rewardbook/db/books/program';
import { GENESIS_HASH } from '@rewardbook/domain/books/journal-hash';
import { expect } from 'vitest';
import { verifyCloses } from '../verify/closes.ts';
import { verifyJournal } from '../verify/journal.ts';
import { verifyPayoutRuns } from '../verify/payout-runs.ts';
import { verifyProofs } from '../verify/proofs.ts';
import { CHECKS_IN_SQL, verifyProgram } from '../verify/verify-program.ts';
import type { Books } from './books.ts';

/**
 * Every invariant that `verify` has, after each of many steps. What is checked in SQL is checked whole; the journal from where it ended
 * at the step before, as nothing before changes; runs and closes are derived again where there are others than at the step before.
 */
export function watchInvariants({ owner, ledger }: Books, program: Program) {
  const { programId } = program;
  let head = { seq: 0, hash: GENESIS_HASH };
  let runs = '';
  let closes = '';

  async function afterStep(what: string): Promise<void> {
    const [sums, marks, ...found] = await Promise.all([
      owner<{ sum: string }[]>`
        SELECT coalesce(sum(debit - credit), 0)::text AS sum FROM account_balance WHERE program_id = ${programId}`,
      owner<{ runs: string; closes: string }[]>`
        SELECT (SELECT coalesce(string_agg(run_id || status || content_hash, ',' ORDER BY run_no), '') FROM payout_run WHERE program_id = ${programId}) AS runs,
               (SELECT count(*)::text FROM close WHERE program_id = ${programId} AND status = 'closed') AS closes`,
      ...CHECKS_IN_SQL.map(async ([check, run]) => ({ check, ...(await run(owner, programId)) })),
      verifyJournal(owner, program, head),
    ]);
    expect([what, Number(sums[0]?.sum)]).toEqual([what, 0]);
    const checks = found.flat();
    const [mark] = marks;
    if (mark !== undefined && mark.runs !== runs) {
      checks.push(...(await verifyPayoutRuns(owner, program)));
    }
    if (mark !== undefined && mark.closes !== closes) {
      checks.push(...(await verifyCloses(owner, program)), await verifyProofs(owner, program));
    }
    expect([what, checks.filter(({ difference }) => difference !== null)]).toEqual([what, []]);
    head = await readHead(owner, programId);
    runs = mark?.runs ?? '';
    closes = mark?.closes ?? '';
  }

  /** All of it from the beginning, as `rewardbook verify` does it. */
  async function whole(what: string): Promise<void> {
    const { checks } = await verifyProgram(ledger, program);
    expect([what, checks.filter(({ ok }) => !ok)]).toEqual([what, []]);
  }

  return { afterStep, whole };
}
