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
  /** Filled as it goes: what it says when an error comes has happened. */
  readonly outcome: IngestOutcome;
}
