import type { CheckOut, Verified } from '@rewardbook/contracts/api/verify';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { type Snapshot, withSnapshot } from '../close/sql/snapshot.ts';
import type { Ledger } from '../service/ledger.ts';
import {
  checkAllocations,
  checkBalances,
  checkPools,
  checkRevenue,
  checkSheets,
  checkStrayPostings,
  checkTrialBalance,
  type Finding,
} from './books-sql.ts';
import { Checks } from './check.ts';
import { CLOSE_CHECKS, verifyCloses } from './closes.ts';
import { checkEvents, checkGains, checkRegister, checkTallies } from './events-sql.ts';
import { BEGINNING, JOURNAL_CHECKS, verifyJournal } from './journal.ts';
import { RUN_CHECKS, verifyPayoutRuns } from './payout-runs.ts';
import {
  checkClearing,
  checkDecisions,
  checkHoldbacks,
  checkPaidOnce,
  checkReturnsAndTax,
  checkReversals,
} from './payouts-sql.ts';
import { PROOF_CHECK, verifyProofs } from './proofs.ts';

/** The invariants that SQL checks, by what is said of them. */
export const CHECKS_IN_SQL: readonly [string, (sql: Sql, programId: number) => Promise<Finding>][] = [
  ['balances: the sums of their postings', checkBalances],
  ['trial balance: debits equal credits', checkTrialBalance],
  ['postings: none without an entry', checkStrayPostings],
  ['postings: sheets by creator', checkSheets],
  ['pools: emptied by their close, rollover as left', checkPools],
  ['revenue: bookings equal entries', checkRevenue],
  ['allocations: equal to postings and periods', checkAllocations],
  ['events: each once, as many as were accepted', checkEvents],
  ['tallies: every event of a tallied batch once', checkTallies],
  ['register: winners as the events say', checkRegister],
  ['register: gains and losses equal allocations', checkGains],
  ['holdbacks: by the policy, each released once', checkHoldbacks],
  ['payouts: nobody paid twice or more than there was', checkPaidOnce],
  ['payouts: clearing has what is not settled or returned', checkClearing],
  ['payouts: returns whole, tax as withheld', checkReturnsAndTax],
  ['decisions: logged, by two where needed', checkDecisions],
  ['reversals: negate an entry, once', checkReversals],
];

/** The kinds of checks, in the order in which they are made. */
export const CHECK_NAMES: readonly string[] = [
  ...JOURNAL_CHECKS,
  ...CHECKS_IN_SQL.map(([check]) => check),
  ...RUN_CHECKS,
  ...CLOSE_CHECKS,
  PROOF_CHECK,
];

/**
 * Every invariant of a program's books, as of one moment, while the books stay open. Says what was checked and how much.
 *
 * @param options.signal ends it, in the database too
 * @param options.checks shows how far it is
 */
export async function verifyProgram(
  { openConnection }: Ledger,
  program: Program,
  { signal, checks = new Checks() }: { readonly signal?: AbortSignal; readonly checks?: Checks } = {},
): Promise<Verified> {
  const check = async ({ sql }: Snapshot): Promise<CheckOut[]> => {
    const found: CheckOut[] = await verifyJournal(sql, program, BEGINNING, checks);
    for (const [check, run] of CHECKS_IN_SQL) {
      checks.begin(check);
      found.push(checks.end(check, await run(sql, program.programId)));
    }
    found.push(...(await verifyPayoutRuns(sql, program, checks)));
    found.push(...(await verifyCloses(sql, program, checks)));
    found.push(await verifyProofs(sql, program, checks));
    return found;
  };
  const found = await withSnapshot(openConnection, check, signal === undefined ? {} : { signal });
  return { program: program.slug, ok: found.every((one) => one.ok), checks: found };
}
