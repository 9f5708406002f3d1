import { setImmediate } from 'node:timers/promises';
import { givenByParts, withGiven } from '@rewardbook/domain/beyond/given';
import { closeEntry } from '@rewardbook/domain/books/close-entry';
import type { CloseRow } from '@rewardbook/domain/close/close';
import type { TreeRoot } from '@rewardbook/domain/proofs/payout-tree';
import type { ProofRow } from '@rewardbook/domain/proofs/proof-rows';
import { formatAmount } from '@rewardbook/money/amount';
import { limitConcurrency } from '@rewardbook/runtime/limit-concurrency';
import { payoutTreeRoot, type TreeApart } from '../proofs/payout-tree-root.ts';
import { fixCloseSecret } from '../proofs/sql.ts';
import { type Ledger, timed } from '../service/ledger.ts';
import type { ComputedClose } from './compute/compute-close.ts';
import type { ClosePlan } from './compute/plan-close.ts';
import { stageAllocations } from './sql/allocations.ts';
import type { CommitCloseCall } from './sql/commit.ts';
import { stageParts } from './sql/parts.ts';

// Rows a call: large enough that the round trip does not count, small enough that nothing waits long for one.
const PIECE = 10_000;
const MAX_UNDER_WAY = 2;

/** Writes allocations under the attempt's number; they count, and become postings, once the call that is returned is made. */
export async function stageClose(
  ledger: Ledger,
  plan: ClosePlan,
  attemptId: string,
  computed: ComputedClose,
): Promise<CommitCloseCall> {
  const { program, period } = plan;
  const { pool, resultHash, creatorCount } = computed.result;
  const money = (minor: bigint): string => formatAmount(minor, program.currency);
  const secret = await fixCloseSecret(ledger.sql, program.programId, period);
  const tree = payoutTreeRoot({ program: program.slug, period, currency: program.currency, secret }, creatorCount);
  let proof: TreeRoot; // awaited when the rest is written
  try {
    const given = givenByParts(computed.result.parts, plan.policy);
    const growing = rootOf(tree, withGiven(computed.result.creators, given)); // while the database writes
    growing.catch(() => undefined); // thrown where it is awaited
    await timed(ledger, 'allocations', () =>
      inPieces(computed.result.creators, async (rows: CloseRow[]) => {
        const amounts = rows.map((row) => money(row.amount));
        await stageAllocations(ledger.sql, program.programId, attemptId, rows, amounts);
      }),
    );
    await stageParts(ledger.sql, program, attemptId, computed.result.parts, plan.policy);
    proof = await timed(ledger, 'proof', () => growing);
  } finally {
    await tree.stop();
  }
  const entry = closeEntry({ ...plan, result: computed.result, proof });
  return {
    programId: program.programId,
    period,
    attemptId,
    allocations: creatorCount,
    effectiveAt: entry.effectiveAt,
    details: JSON.stringify(entry.details),
    funded: money(pool.funded),
    pool: money(pool.pool),
    allocated: money(pool.allocated),
    undistributed: money(pool.undistributed),
    revenueCarriedOut: money(pool.negativeRevenueCarriedOut),
    policyHash: plan.policyHash,
    creatorsHash: computed.creatorsHash,
    resultHash,
    excluded: JSON.stringify(computed.excluded),
    metrics: JSON.stringify(computed.metrics),
  };
}

/** Gives all rows to the tree in one go: it cannot begin before it has the last. */
async function rootOf(tree: TreeApart, rows: Iterable<ProofRow>): Promise<TreeRoot> {
  let piece: ProofRow[] = [];
  for (const row of rows) {
    piece.push(row);
    if (piece.length === PIECE) {
      tree.add(piece);
      piece = [];
      await setImmediate();
    }
  }
  tree.add(piece);
  return tree.root();
}

/** Gives items on in pieces; one is made while others are written. */
async function inPieces<Item>(items: Iterable<Item>, write: (piece: Item[]) => Promise<void>): Promise<void> {
  const calls = limitConcurrency(MAX_UNDER_WAY);
  let piece: Item[] = [];
  const flush = (): Promise<void> => {
    const full = piece;
    piece = [];
    return calls.begin(() => write(full));
  };
  for (const item of items) {
    piece.push(item);
    if (piece.length === PIECE) {
      await flush();
    }
  }
  if (piece.length > 0) {
    await flush();
  }
  await calls.end();
}
