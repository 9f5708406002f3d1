import { Worker } from 'node:worker_threads';
import type { TreeRoot } from '@rewardbook/domain/proofs/payout-tree';
import type { ProofRow } from '@rewardbook/domain/proofs/proof-rows';
import { growTree } from './grow-tree.ts';
import type { ToTreeThread, TreeThreadData } from './tree-thread.ts';

/** A payout tree that is built while other work goes on. */
export interface TreeApart {
  /** The next rows, by creatorId. */
  add(rows: readonly ProofRow[]): void;
  /** After the last rows. */
  root(): Promise<TreeRoot>;
  /** To be called in the end, however it comes. */
  stop(): Promise<void>;
}

/** Starting a thread takes a quarter of a second: a tree of fewer creators has long grown by then. */
export const MIN_ROWS_FOR_THREAD = 50_000;

/** The root of a close's tree, from a separate thread if there are many rows. */
export function payoutTreeRoot(data: TreeThreadData, rowCount: number): TreeApart {
  return rowCount < MIN_ROWS_FOR_THREAD ? inPlace(data) : inThread(data);
}

function inPlace(data: TreeThreadData): TreeApart {
  const all: ProofRow[] = [];
  return {
    add(rows) {
      for (const row of rows) {
        all.push(row);
      }
    },
    root: () => growTree({ ...data, rows: all }),
    stop: async () => undefined,
  };
}

/** A thread for this tree alone, not one of a pool: it takes the rows while they are allocated, and a pool takes only whole tasks. */
function inThread({ program, period, currency, secret }: TreeThreadData): TreeApart {
  const workerData: TreeThreadData = { program, period, currency, secret };
  const worker = new Worker(new URL('./tree-thread-start.mjs', import.meta.url), { workerData });
  const answer = new Promise<TreeRoot>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread of a payout tree ended')));
  });
  answer.catch(() => undefined); // thrown where it is awaited
  const send = (message: ToTreeThread): void => worker.postMessage(message);
  return {
    add(rows) {
      send({
        kind: 'rows',
        creatorIds: rows.map(({ creatorId }) => creatorId),
        points: rows.map(({ points }) => points),
        amounts: rows.map(({ amount }) => amount),
      });
    },
    root() {
      send({ kind: 'grow' });
      return answer;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
