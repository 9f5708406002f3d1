import type { CheckOut } from '@rewardbook/contracts/api/verify';
import { findEntry } from '@rewardbook/db/books/entries';
import { findPolicy } from '@rewardbook/db/books/policies';
import type { Program } from '@rewardbook/db/books/program';
import { listRuns, type PayoutRun } from '@rewardbook/db/books/runs';
import type { Sql } from '@rewardbook/db/client';
import type { RunPayout } from '@rewardbook/db/lists/payouts';
import { postingsHasher } from '@rewardbook/domain/books/journal-hash';
import { type PayoutTerms, payoutOf, payoutTerms } from '@rewardbook/domain/payouts/payout';
import { runEntry } from '@rewardbook/domain/payouts/payout-postings';
import { type HashedPayout as DomainRow, runHasher } from '@rewardbook/domain/payouts/payout-run';
import { parseAmount } from '@rewardbook/money/amount';
import { readPayouts } from '../payouts/run-sql.ts';
import { Checks, type Tally } from './check.ts';
import { readTaxedBefore, type TaxedBefore } from './taxed-before.ts';

const PAGE = 100;

const AMOUNTS = 'payout runs: amounts and reasons by the policy';
const HASHES = 'payout runs: what was approved, by its hash';
const ENTRIES = 'payout runs: entries as the runs say';
export const RUN_CHECKS = [AMOUNTS, HASHES, ENTRIES];

interface Tallies {
  readonly payouts: Tally;
  readonly hashes: Tally;
  readonly entries: Tally;
}

/**
 * Computes every payout run again, which was computed in SQL, by the domain's rules: each row's amounts and reason from its balance,
 * the hash that was approved, and the entry that was posted.
 */
export async function verifyPayoutRuns(sql: Sql, program: Program, checks = new Checks()): Promise<CheckOut[]> {
  const tallies: Tallies = {
    payouts: checks.begin(AMOUNTS),
    hashes: checks.begin(HASHES),
    entries: checks.begin(ENTRIES),
  };
  const taxedBefore = await readTaxedBefore(sql, program);
  for (let after = 0; ; ) {
    const runs = await listRuns(sql, program.programId, { after, limit: PAGE });
    for (const run of runs) {
      await verifyRun(sql, program, run, taxedBefore, tallies);
    }
    const last = runs.at(-1);
    if (last === undefined || runs.length < PAGE) {
      break;
    }
    after = last.runNumber;
  }
  return RUN_CHECKS.map((check) => checks.end(check));
}

async function verifyRun(
  sql: Sql,
  program: Program,
  run: PayoutRun,
  taxedBefore: TaxedBefore,
  tallies: Tallies,
): Promise<void> {
  const stored = await findPolicy(sql, program.programId, run.policyVersion);
  const terms = stored && payoutTerms(stored.policy);
  const { currency } = program;
  const { runId, period, policyVersion } = run;
  const hasher = runHasher({ program: program.slug, runId, period, currency, policyVersion });
  const lines = runEntry();
  const postings = postingsHasher(currency);
  for await (const rows of readPayouts(sql, program.programId, run.runNumber)) {
    for (const stored of rows) {
      const row = toDomainRow(program, stored);
      const taxed = taxedBefore(row.creatorId, run.draftedSeq);
      const fault = terms === undefined ? `its policy ${policyVersion} is not there` : faultOf(terms, row, taxed);
      tallies.payouts.note(fault === undefined, () => `run ${runId}, creator ${row.creatorId}: ${fault ?? ''}`);
      hasher.add(row);
      if (row.status !== 'due') {
        continue;
      }
      postings.add(lines.add(row));
      const { count } = postings;
      tallies.payouts.note(
        row.payoutNumber === count,
        () => `run ${runId}, creator ${row.creatorId}: payout ${count} is missing`,
      );
    }
  }
  const computed = hasher.digest();
  tallies.hashes.note(
    computed === run.contentHash && postings.count === run.payoutCount,
    () =>
      `run ${runId} says ${run.payoutCount} payouts and hash ${run.contentHash}, computed ${postings.count} and ${computed}`,
  );
  if (run.entryKey === null) {
    return;
  }
  for (const posting of lines.rest()) {
    postings.add(posting);
  }
  const { count } = postings;
  const entry = await findEntry(sql, program.programId, run.entryKey);
  const holds = entry?.kind === 'payout' && entry.postingCount === count && entry.postingsHash === postings.digest();
  tallies.entries.note(holds, () => `run ${runId}: its entry ${run.entryKey} is not what its rows come to`);
}

/** A row with what of its gross was taxed before, which its withholding follows from. */
type TaxedRow = DomainRow & { readonly taxedBefore: bigint };

/** What of a row is not as the rules say, but for the hold, which only its time knew. */
function faultOf(terms: PayoutTerms, row: TaxedRow, taxedBefore: bigint): string | undefined {
  const expected = payoutOf(terms, { ...row, isOnHold: row.reason === 'on-hold', taxedBefore });
  if (row.taxedBefore !== expected.taxedBefore) {
    return `of its gross ${row.taxedBefore} minor units were taxed before, by the returns ${expected.taxedBefore}`;
  }
  if (row.gross !== expected.gross || row.withheld !== expected.withheld || row.net !== expected.net) {
    return `gross, withheld or net are not what ${row.available} minor units come to`;
  }
  if (row.reason !== expected.reason) {
    return `it says ${row.reason ?? 'due'}, by the rules ${expected.reason ?? 'due'}`;
  }
  return (row.status === 'due') === (expected.reason === null) ? undefined : `its status is ${row.status}`;
}

function toDomainRow({ currency }: Program, row: RunPayout): TaxedRow {
  const minor = (text: string): bigint => parseAmount(text, currency);
  return {
    ...row,
    available: minor(row.available),
    gross: minor(row.gross),
    taxedBefore: minor(row.taxedBefore),
    withheld: minor(row.withheld),
    net: minor(row.net),
  };
}
