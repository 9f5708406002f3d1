import type { Limits } from './limits.ts';
import type { IngestOutcome } from './outcome.ts';
import type { Recorder } from './recorder.ts';

/** What recording the events of one request needs. */
export interface IngestContext {
  readonly programId: number;
  readonly recorder: Recorder;
  readonly limits: Limits;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Filled along the way: after an error, it says what was done. */
  readonly outcome: IngestOutcome;
}
