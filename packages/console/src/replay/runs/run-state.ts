import type { Tone } from '../../blocks/badge.tsx';
import type { RunningRun } from './running.ts';
import type { RunRecord } from './worker/run-record.ts';

/** How a run stands, in a word. */
export interface RunStanding {
  readonly tone: Tone;
  readonly text: string;
  /** It was under way in a tab that is no longer there. */
  readonly isInterrupted: boolean;
}

/** @param alive runs that some tab has under way */
export function standingOf(run: RunRecord, here: RunningRun | undefined, alive: ReadonlySet<string>): RunStanding {
  const isUnderWay = run.state === 'sending' || run.state === 'tallying';
  if (here?.isPaused) {
    return { tone: 'warn', text: 'paused', isInterrupted: false };
  }
  if (isUnderWay && here === undefined && !alive.has(run.id)) {
    return { tone: 'warn', text: 'interrupted', isInterrupted: true };
  }
  const isSame = run.comparison?.periods.every(({ differences }) => differences === 0) ?? false;
  const compared = run.comparison === null || run.comparison.periods.length === 0 ? undefined : isSame;
  switch (run.state) {
    case 'sending':
    case 'tallying':
      return { tone: 'info', text: run.state, isInterrupted: false };
    case 'cancelled':
      return { tone: 'quiet', text: 'cancelled', isInterrupted: false };
    case 'failed':
      return { tone: 'bad', text: 'failed', isInterrupted: false };
    case 'done':
      return {
        tone: compared === false ? 'bad' : 'good',
        text: compared === undefined ? 'tallied' : compared ? 'the same to the byte' : 'differs',
        isInterrupted: false,
      };
  }
}
