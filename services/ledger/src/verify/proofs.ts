import type { CheckOut } from '@rewardbook/contracts/api/verify';
import { listCloses } from '@rewardbook/db/books/closes';
import { findEntry } from '@rewardbook/db/books/entries';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { growStoredTree } from '../proofs/grow-tree.ts';
import { publishedRoot } from '../proofs/read-proof.ts';
import { closeSecretOf } from '../proofs/sql.ts';
import { Checks } from './check.ts';

export const PROOF_CHECK = 'proofs: roots grown again from the allocations';

/** The payout tree of each close is grown again from its allocations: root, total and leaves are those in its entry. */
export async function verifyProofs(sql: Sql, program: Program, checks = new Checks()): Promise<CheckOut> {
  const roots = checks.begin(PROOF_CHECK);
  for (const close of await listCloses(sql, program.programId)) {
    if (close.status !== 'closed') {
      continue;
    }
    const { period, attemptId, entryKey } = close;
    const secret = await closeSecretOf(sql, program.programId, period);
    const entry = await findEntry(sql, program.programId, entryKey);
    const published = entry && publishedRoot(entry.details);
    // Closed before there were proofs: neither is there.
    if (secret === null && published === undefined) {
      continue;
    }
    const says = published && `${published.root} of ${published.total} over ${published.leaves}`;
    const tree = secret === null ? undefined : await growStoredTree(sql, program, { period, attemptId, secret });
    const comes = tree && `${tree.root} of ${tree.total} over ${tree.leaves}`;
    roots.note(
      says === comes,
      () =>
        `${entryKey}: its root is ${says ?? 'missing'}, the allocations come to ${comes ?? 'none without a secret'}`,
    );
  }
  return checks.end(PROOF_CHECK);
}
