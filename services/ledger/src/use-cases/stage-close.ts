import { creatorOfAccount } from '@rewardbook/domain/account';
import { canonicalJson } from '@rewardbook/domain/canonical-json';
import type { CloseRow } from '@rewardbook/domain/close';
import { closeEntry } from '@rewardbook/domain/close-entry';
import { postingsHasher } from '@rewardbook/domain/journal-hash';
import { balanced } from '@rewardbook/domain/posting';
import { formatAmount } from '@rewardbook/money/amount';
import { stageAllocations } from '../store/allocation-store.ts';
import { fixCloseSecret } from '../store/close-secret-store.ts';
import { beginEntry, type CommitCloseCall, type StagedPosting, stagePostings } from '../store/entry-store.ts';
import type { ComputedClose } from './compute-close.ts';
import { growTree } from './grow-tree.ts';
import type { Ledger } from './ledger.ts';
import type { ClosePlan } from './plan-close.ts';

// Rows a call: large enough that the round trip does not count, small enough that nobody waits for one.
const PIECE = 10_000;
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

  const hasher = postingsHasher(program.currency);
  // The tree grows here while the database writes.
  const secret = await fixCloseSecret(ledger.sql, program.programId, period);
  const growing = growTree({
    program: program.slug,
    period,
    currency: program.currency,
    secret,
    rows: computed.result.creators,
  });
  growing.catch(() => undefined); // thrown where it is awaited
  await inPieces(computed.result.creators, async (rows: CloseRow[]) => {
    const amounts = rows.map((row) => money(row.amount));
    await stageAllocations(ledger.sql, program.programId, foldId, rows, amounts);
  });
  await inPieces(balanced(entry.postings), async (postings, firstLine) => {
    const staged: StagedPosting[] = postings.map((posting) => {
      const amount = money(posting.amount);
      hasher.addLine(posting.account, amount);
      return { account: posting.account, creatorId: creatorOfAccount(posting.account) ?? '', amount };
    });
    await stagePostings(ledger.sql, program.programId, entryId, firstLine, staged);
  });

  return {
    programId: program.programId,
    period,
    foldId,
    entryId,
    allocations: creatorCount,
    effectiveAt: entry.effectiveAt,
    details: canonicalJson(closeEntry({ ...plan, result: computed.result, proof: await growing }).details),
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

/** Gives items on in pieces, each with the number of its first item, from 1; one is made while another is written. */
async function inPieces<Item>(
  items: Iterable<Item>,
  write: (piece: Item[], first: number) => Promise<void>,
): Promise<void> {
  const underWay: Promise<void>[] = [];
  let piece: Item[] = [];
  let first = 1;
  const flush = async (): Promise<void> => {
    if (underWay.length === MAX_UNDER_WAY) await underWay.shift();
    const writing = write(piece, first);
    writing.catch(() => undefined); // thrown where it is awaited; until then it must not count as unhandled
    underWay.push(writing);
    first += piece.length;
    piece = [];
  };
  for (const item of items) {
    piece.push(item);
    if (piece.length === PIECE) await flush();
  }
  if (piece.length > 0) await flush();
  await Promise.all(underWay);
}
