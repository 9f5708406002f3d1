import type { CheckOut } from '@rewardbook/contracts/api/verify';
import type { Sql } from '@rewardbook/db/client';
import { listPeriods } from '../close/sql/periods.ts';
import { findEntry } from '../journal/sql.ts';
import type { Program } from '../programs/sql.ts';
import { growStoredTree } from '../proofs/grow-tree.ts';
import { publishedRoot } from '../proofs/read-proof.ts';
import { closeSecretOf } from '../proofs/sql.ts';
import { Tally, toCheck } from './check.ts';

const PAGE = 1_000;

/** The payout tree of each close is grown again from its allocations: root, total and leaves are those in its entry. */
export async function verifyProofs(sql: Sql, program: Program): Promise<CheckOut> {
  const roots = new Tally();
  for (let after = ''; ; ) {
    const page = await listPeriods(sql, program.programId, { after, limit: PAGE });
    for (const { period, row } of page) {
      if (row?.entryKey == null || row.attemptId === null) {
        continue;
      }
      const secret = await closeSecretOf(sql, program.programId, period);
      const entry = await findEntry(sql, program.programId, row.entryKey);
      const published = entry && publishedRoot(entry.details);
      // Closed before there were proofs: neither is there.
      if (secret === null && published === undefined) {
        continue;
      }
      const says = published && `${published.root} of ${published.total} over ${published.leaves}`;
      const tree =
        secret === null ? undefined : await growStoredTree(sql, program, { period, attemptId: row.attemptId, secret });
      const comes = tree && `${tree.root} of ${tree.total} over ${tree.leaves}`;
      roots.note(
        says === comes,
        () =>
          `${row.entryKey}: its root is ${says ?? 'missing'}, the allocations come to ${comes ?? 'none without a secret'}`,
      );
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) {
      break;
    }
    after = last.period;
  }
  return toCheck('proofs: roots grown again from the allocations', roots.finding);
}
