import { parentPort, workerData } from 'node:worker_threads';
import { payoutTree, type TreeRoot } from '@rewardbook/domain/proofs/payout-tree';
import type { PayoutTreeInput } from '@rewardbook/domain/proofs/tree-leaves';
import { closePrototypes } from '@rewardbook/runtime/closed-prototypes';
import { DIGESTS } from './payout-digests.ts';

export type TreeThreadData = Pick<PayoutTreeInput, 'program' | 'period' | 'currency' | 'secret'>;

export type ToTreeThread =
  | {
      readonly kind: 'rows';
      readonly creatorIds: readonly string[];
      readonly points: readonly string[];
      readonly amounts: readonly bigint[];
    }
  | { readonly kind: 'grow' };

// The thread in which a close's payout tree grows; its root is all that leaves it.

closePrototypes();

const port = parentPort;
if (port === null) {
  throw new Error('this is a thread of a close, not a program');
}
const data: TreeThreadData = workerData;
const pieces: Extract<ToTreeThread, { kind: 'rows' }>[] = [];

port.on('message', (message: ToTreeThread) => {
  if (message.kind === 'rows') {
    pieces.push(message);
    return;
  }
  const { root, total, leaves } = payoutTree({ ...data, rows: rows(), digests: DIGESTS });
  const answer: TreeRoot = { root, total, leaves };
  port.postMessage(answer);
});

function* rows() {
  for (const { creatorIds, points, amounts } of pieces) {
    for (const [index, creatorId] of creatorIds.entries()) {
      yield { creatorId, points: points[index] ?? '', amount: amounts[index] ?? 0n };
    }
  }
}
