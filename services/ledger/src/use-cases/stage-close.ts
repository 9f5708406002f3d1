import { setImmediate } from 'node:timers/promises';
import { creatorOfAccount } from '@rewardbook/domain/account';
import { canonicalJson } from '@rewardbook/domain/canonical-json';
import type { CloseRow } from '@rewardbook/domain/close';
import { closeEntry } from '@rewardbook/domain/close-entry';
import { type PostingsHasher, postingsHasher } from '@rewardbook/domain/journal-hash';
import type { TreeRoot } from '@rewardbook/domain/payout-tree';
import { balanced, type EntryDraft } from '@rewardbook/domain/posting';
import { formatAmount } from '@rewardbook/money/amount';
import { stageAllocations } from '../store/allocation-store.ts';
import { fixCloseSecret } from '../store/close-secret-store.ts';
import {
  beginEntry,
  type CommitCloseCall,
  type StagedPosting,
  stageAllocated,
  stagePostings,
} from '../store/entry-store.ts';
import type { Program } from '../store/program-store.ts';
import type { ComputedClose } from './compute-close.ts';
import { type Ledger, timed } from './ledger.ts';
import type { ClosePlan } from './plan-close.ts';
import { rootApart, type TreeApart } from './root-apart.ts';
import { sideBySide } from './side-by-side.ts';

// Rows a call: large enough that the round trip does not count, small enough that nobody waits for one.
const PIECE = 10_000;
const CREATORS_A_CALL = 50_000; // whose lines the database makes itself
const MAX_UNDER_WAY = 2;

/** Writes allocations and postings under their numbers; they count once the call that is returned is made. */
export async function stageClose(
  ledger: Ledger,
  plan: ClosePlan,
  foldId: string,
  computed: ComputedClose,
): Promise<CommitCloseCall> {
  const { program, period } = plan;
  const { pool, resultHash, creatorCount } = computed.result;
  const money = (minor: bigint): string => formatAmount(minor, program.currency);
  const entry = closeEntry({ ...plan, result: computed.result });
  const entryId = await beginEntry(ledger.sql, program.programId, foldId);

  const secret = await fixCloseSecret(ledger.sql, program.programId, period);
  const tree = rootApart({ program: program.slug, period, currency: program.currency, secret }, creatorCount);
  let hasher: PostingsHasher;
  let proof: TreeRoot; // awaited when the rest is written
  try {
    const growing = rootOf(tree, computed.result.creators); // while the database writes
    growing.catch(() => undefined); // thrown where it is awaited
    await timed(ledger, 'allocations', () =>
      inPieces(computed.result.creators, async (rows: CloseRow[]) => {
        const amounts = rows.map((row) => money(row.amount));
        await stageAllocations(ledger.sql, program.programId, foldId, rows, amounts);
      }),
    );
    hasher = await timed(ledger, 'postings', () => stageEntry(ledger, program, { foldId, entryId }, entry));
    proof = await timed(ledger, 'proof', () => growing);
  } finally {
    await tree.stop();
  }
  return {
    programId: program.programId,
    period,
    foldId,
    entryId,
    allocations: creatorCount,
    effectiveAt: entry.effectiveAt,
    details: canonicalJson(closeEntry({ ...plan, result: computed.result, proof }).details),
    postings: hasher.count,
    postingsHash: hasher.digest(),
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

/**
 * Stages the lines of a close: those of the creators, which are one after the other, are made in the database out of what is
 * allocated to them. The hash is of the lines as they are here, so that what the database makes of them has to be the same.
 */
async function stageEntry(
  ledger: Ledger,
  { programId, currency }: Program,
  { foldId, entryId }: { readonly foldId: string; readonly entryId: string },
  entry: EntryDraft,
): Promise<PostingsHasher> {
  const hasher = postingsHasher(currency);
  const calls = sideBySide(MAX_UNDER_WAY);
  let lines: StagedPosting[] = []; // of the platform, one after the other
  let first: string | undefined; // account of the piece's first creator
  let last = '';
  let staged = 0;
  const flush = async (): Promise<void> => {
    const firstLine = staged + 1;
    staged = hasher.count;
    if (first !== undefined) {
      const range = { first: creatorIn(first), last: creatorIn(last) };
      first = undefined;
      await calls.begin(() => stageAllocated(ledger.sql, programId, { foldId, entryId, firstLine, ...range }));
    } else if (lines.length > 0) {
      const piece = lines;
      lines = [];
      await calls.begin(() => stagePostings(ledger.sql, programId, entryId, firstLine, piece));
    }
  };
  for (const { account, amount: minor } of balanced(entry.postings)) {
    const isCreators = account.startsWith('creator:');
    if (isCreators !== (first !== undefined) || hasher.count - staged === CREATORS_A_CALL) await flush();
    const amount = formatAmount(minor, currency);
    hasher.addLine(account, amount);
    if (isCreators) {
      first ??= account;
      last = account;
    } else {
      lines.push({ account, creatorId: '', amount });
    }
  }
  await flush();
  await calls.end();
  return hasher;
}

/** Gives all rows to the tree at once: it cannot begin before it has the last. */
async function rootOf(tree: TreeApart, rows: Iterable<CloseRow>): Promise<TreeRoot> {
  let piece: CloseRow[] = [];
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

function creatorIn(account: string): string {
  const creatorId = creatorOfAccount(account);
  if (creatorId === undefined) throw new Error(`${account} is no account of a creator`);
  return creatorId;
}

/** Gives items on in pieces; one is made while others are written. */
async function inPieces<Item>(items: Iterable<Item>, write: (piece: Item[]) => Promise<void>): Promise<void> {
  const calls = sideBySide(MAX_UNDER_WAY);
  let piece: Item[] = [];
  const flush = (): Promise<void> => {
    const full = piece;
    piece = [];
    return calls.begin(() => write(full));
  };
  for (const item of items) {
    piece.push(item);
    if (piece.length === PIECE) await flush();
  }
  if (piece.length > 0) await flush();
  await calls.end();
}
