import type { ResultsDiff } from '@rewardbook/lab/diff/compare-results';
import type { EventSetsDiff } from '@rewardbook/lab/diff/event-sets';

/** Two results, or two files of events; with results also the events behind them, one file or those of A and of B. */
export interface DiffQuestion {
  readonly a: File;
  readonly b: File;
  readonly events: readonly File[];
}

export type FileDiff =
  | ResultsDiff
  | (EventSetsDiff & {
      readonly kind: 'events';
      readonly equal: boolean;
      /** Lines of both that are not events. */
      readonly leftOut: number;
    });

export type FromDiff = { readonly diff: FileDiff } | { readonly fault: string };
