import type { OpenSource } from '../../events/open-source.ts';
import type { RunComparison, RunCounts, RunSettings } from './run-record.ts';

export interface RunJob {
  readonly program: string;
  readonly source: OpenSource;
  readonly options: RunSettings;
}

export type ToRunner =
  | { readonly do: 'send'; readonly job: RunJob }
  | { readonly do: 'compare'; readonly job: RunJob; readonly canDryRun: boolean }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'cancel' };

export type FromRunner =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'sent'; readonly counts: RunCounts }
  | { readonly kind: 'tallied'; readonly counts: RunCounts }
  | { readonly kind: 'compared'; readonly comparison: RunComparison }
  | { readonly kind: 'cancelled'; readonly counts: RunCounts | null }
  | { readonly kind: 'failed'; readonly message: string; readonly counts: RunCounts | null };

/** How far it is. */
export interface RunProgress {
  readonly phase: 'reading' | 'sending' | 'tallying' | 'simulating' | 'asking the ledger';
  readonly counts: RunCounts | null;
  /** Bytes or events, out of `total`, where that is known. */
  readonly done: number;
  readonly total: number | null;
  /** Why it is waiting. */
  readonly waiting: string | null;
}
