import { findClose } from '@rewardbook/db/books/closes';
import { findEntry } from '@rewardbook/db/books/entries';
import { type Program, requireProgram } from '@rewardbook/db/books/program';
import type { PayoutTree } from '@rewardbook/domain/proofs/payout-tree';
import type { PayoutProof } from '@rewardbook/domain/proofs/verify-proof';
import { AppError } from '@rewardbook/runtime/http/errors';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';
import { growStoredTree } from './grow-tree.ts';
import { closeSecretOf } from './sql.ts';

/** Gives a creator's proof of payout for a closed period. */
export type ReadProof = (program: string, period: string, creatorId: string) => Promise<PayoutProof>;

const detailsSchema = z.record(z.string(), z.string());

/** What of its tree the entry of a close says, or undefined where it was closed before there were proofs. */
export function publishedRoot(
  details: string,
): { readonly root: string; readonly total: string; readonly leaves: string } | undefined {
  const { proofRoot, proofTotal, proofLeaves } = detailsSchema.parse(JSON.parse(details));
  if (proofRoot === undefined || proofTotal === undefined || proofLeaves === undefined) {
    return undefined;
  }
  return { root: proofRoot, total: proofTotal, leaves: proofLeaves };
}

/**
 * Proofs, from trees grown again out of the stored allocations: the last one asked for is kept, since creators of one period come
 * one after another. Trees grow one at a time.
 *
 * @throws AppError `program-unknown`, `not-closed`, `not-found`, `creator-unknown`
 */
export function proofs(ledger: Ledger): ReadProof {
  let kept: { readonly attemptId: string; readonly tree: Promise<PayoutTree> } | undefined;
  return async (slug, period, creatorId) => {
    const program = await requireProgram(ledger.sql, slug);
    const close = await findClose(ledger.sql, program.programId, period);
    if (close?.status !== 'closed') {
      throw new AppError('not-closed', `Period ${period} is not closed; there are proofs once it is`);
    }
    if (kept?.attemptId !== close.attemptId) {
      const before = kept?.tree;
      const growing = (async () => {
        await before?.catch(() => undefined);
        return growPublished(ledger, program, close);
      })();
      const current = { attemptId: close.attemptId, tree: growing };
      kept = current;
      growing.catch(() => {
        if (kept === current) {
          kept = undefined;
        }
      });
    }
    const proof = (await kept.tree).proofOf(creatorId);
    if (proof === undefined) {
      throw new AppError('creator-unknown', `The close of ${period} has no allocation of a creator ${creatorId}`);
    }
    return proof;
  };
}

async function growPublished(
  { sql, slowSql }: Ledger,
  program: Program,
  { period, attemptId, entryKey }: { period: string; attemptId: string; entryKey: string },
): Promise<PayoutTree> {
  const entry = await findEntry(sql, program.programId, entryKey);
  const published = entry && publishedRoot(entry.details);
  const secret = await closeSecretOf(sql, program.programId, period);
  if (published === undefined || secret === null) {
    throw new AppError('not-found', `Period ${period} was closed before there were proofs`);
  }
  const tree = await growStoredTree(slowSql, program, { period, attemptId, secret });
  if (tree.root !== published.root) {
    throw new Error(`the allocations of ${program.slug} ${period} do not come to the root in ${entryKey}`);
  }
  return tree;
}
