import type { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import type { OutcomeInputs } from '@rewardbook/simulate/whatif/outcome';

/** How far an answer has come. */
export interface AnswerProgress {
  readonly phase: 'periods' | 'policies' | 'points' | 'cases' | 'searches';
  readonly done: number;
  /** null: not known. */
  readonly total: number | null;
}

/** Called after each step, and waited for: it may let others have a turn, or throw to give up. */
export type OnProgress = (progress: AnswerProgress) => void | Promise<void>;

/** What an answer is worked out from, besides its question. */
export interface AnswerInputs {
  /** The accepted events; with a seed, those of another run of the scenario. */
  readonly readEvents: (seed?: number) => Promise<AcceptedEvents>;
  /** What the books say of the closes that saw the events; left out: all came in time, and nothing was closed before. */
  readonly books?: Pick<OutcomeInputs, 'closed' | 'past'>;
  readonly onProgress: OnProgress;
}
