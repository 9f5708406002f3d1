import type { CloseQuestion } from '@rewardbook/simulate/closes/plan-simulation';
import type { ShardAnswer } from '@rewardbook/simulate/closes/shard';
import type { SimulationOptions } from '@rewardbook/simulate/closes/simulation';
import type { BlockMemory } from './event-records.ts';
import type { LineCounts, LineRemark } from './line-report.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly threads: number;
  /** Of this thread, from 0. */
  readonly number: number;
  readonly program: Omit<SimulationOptions, 'seenAt'>;
}

/** Whole lines of the file, in memory that all threads see. Lines have their numbers within it, from 1. */
export interface Block {
  /** Of the blocks, from 0. */
  readonly number: number;
  readonly memory: BlockMemory;
  /** How many bytes the lines have. */
  readonly size: number;
}

export type ToThread =
  /** Read the lines of a block. */
  | { readonly kind: 'scan'; readonly block: Block }
  /** Gather the events of your viewers in a block, `records` of them; blocks come in order. */
  | { readonly kind: 'gather'; readonly block: Block; readonly records: number; readonly linesBefore: number }
  /** All lines are there: which events are accepted? */
  | { readonly kind: 'accept' }
  /** What does a close come to for your viewers? */
  | { readonly kind: 'close'; readonly question: CloseQuestion };

export type FromThread =
  | {
      readonly kind: 'scanned';
      readonly block: number;
      readonly lines: number;
      /** How many, by the thread that has their viewers. */
      readonly records: readonly number[];
      readonly counts: LineCounts;
      readonly remarks: readonly LineRemark[];
    }
  | { readonly kind: 'gathered'; readonly block: number }
  /** Remarks with the numbers of lines in the file. */
  | { readonly kind: 'accepted'; readonly counts: LineCounts; readonly remarks: readonly LineRemark[] }
  | { readonly kind: 'answer'; readonly answer: ShardAnswer };
