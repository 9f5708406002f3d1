import { setImmediate } from 'node:timers/promises';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { withGiven } from '@rewardbook/domain/beyond/given';
import { growPayoutTree, type PayoutTree } from '@rewardbook/domain/proofs/payout-tree';
import type { ProofRow } from '@rewardbook/domain/proofs/proof-rows';
import type { PayoutTreeInput } from '@rewardbook/domain/proofs/tree-leaves';
import { parseAmount } from '@rewardbook/money/amount';
import { readAllocations } from '../close/sql/allocations.ts';
import { readGiven } from '../close/sql/parts.ts';
import { DIGESTS } from './payout-digests.ts';

/** Grows a payout tree and lets others go on between its steps: a million creators take many seconds. */
export async function growTree(input: Omit<PayoutTreeInput, 'digests'>): Promise<PayoutTree> {
  const growing = growPayoutTree({ ...input, digests: DIGESTS });
  for (;;) {
    const step = growing.next();
    if (step.done === true) {
      return step.value;
    }
    await setImmediate();
  }
}

/** The tree of a close from all that it gave, as stored. */
export async function growStoredTree(
  sql: Sql,
  { programId, slug, currency }: Program,
  { period, attemptId, secret }: { readonly period: string; readonly attemptId: string; readonly secret: string },
): Promise<PayoutTree> {
  const rows: ProofRow[] = [];
  for await (const page of readAllocations(sql, programId, attemptId)) {
    for (const { creatorId, points, amount } of page) {
      rows.push({ creatorId, points, amount: parseAmount(amount, currency) });
    }
  }
  const given = new Map<string, bigint>();
  for (const [creatorId, amount] of await readGiven(sql, programId, attemptId)) {
    given.set(creatorId, parseAmount(amount, currency));
  }
  return growTree({ program: slug, period, currency, secret, rows: withGiven(rows, given) });
}
