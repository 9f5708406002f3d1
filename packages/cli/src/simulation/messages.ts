import type { CloseQuestion } from '@rewardbook/simulate/program';
import type { ShardAnswer } from '@rewardbook/simulate/shard';
import type { SimulationOptions } from '@rewardbook/simulate/simulation';
import type { EventRecords } from './event-records.ts';
import type { LineCounts, LineRemark } from './line-report.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly threads: number;
  /** About how many events the file has; 0 where nobody knows. */
  readonly expected: number;
  readonly program: Omit<SimulationOptions, 'seenAt'>;
}

/** Whole lines of the file, in memory that all threads see. Lines have their numbers within it. */
export interface Block {
  /** Of the blocks, from 0. */
  readonly number: number;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

export type ToThread =
  /** Read the lines of a block. */
  | { readonly kind: 'scan'; readonly block: Block }
  /** Take the events of your viewers in a block; blocks come in order. */
  | { readonly kind: 'take'; readonly block: Block; readonly records: EventRecords }
  /** What does a close come to for your viewers? */
  | { readonly kind: 'close'; readonly question: CloseQuestion };

export type FromThread =
  /** Records by the thread that has their viewers. */
  | {
      readonly kind: 'scanned';
      readonly block: number;
      readonly lines: number;
      readonly counts: LineCounts;
      readonly remarks: readonly LineRemark[];
      readonly records: readonly EventRecords[];
    }
  | {
      readonly kind: 'taken';
      readonly block: number;
      readonly counts: LineCounts;
      readonly remarks: readonly LineRemark[];
    }
  | { readonly kind: 'answer'; readonly answer: ShardAnswer };
