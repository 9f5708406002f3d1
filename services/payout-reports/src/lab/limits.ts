import { MAX_SERVICE_QUESTION, type QuestionLimits } from '@rewardbook/contracts/api/lab-limits';
import type { ScenarioLimits } from '@rewardbook/lab/question/asked-events';

/** The load that the lab accepts; it must not slow down the reports of the same process. `events` are those of any question. */
export interface LabLimits extends QuestionLimits, ScenarioLimits {
  /** Of one upload, unpacked, and of all that are kept. */
  readonly uploadBytes: number;
  readonly uploadsBytes: number;
  /** Of a question. */
  readonly questionBytes: number;
  /** Questions that are being read or wait for that; the time (once its thread is loaded) and heap for one. */
  readonly checking: number;
  readonly checkMs: number;
  readonly checkHeapMegabytes: number;
  /** Jobs at the same time, each a thread, and those that wait. */
  readonly running: number;
  readonly waiting: number;
  /** The share of one key in those that wait. */
  readonly waitingPerKey: number;
  /** Finished jobs that are remembered. */
  readonly remembered: number;
  readonly jobMs: number;
  /** Of a thread's heap of objects; events are outside it, and bounded by their number. */
  readonly heapMegabytes: number;
  /** Of one answer, and of all that are kept. */
  readonly answerBytes: number;
  readonly answersBytes: number;
}

export const LAB_LIMITS: LabLimits = {
  ...MAX_SERVICE_QUESTION,
  uploadBytes: 512 * 1024 * 1024,
  uploadsBytes: 2 * 1024 * 1024 * 1024,
  questionBytes: 16 * 1024 * 1024,
  events: 5_000_000,
  parties: 2_000_000,
  checking: 8,
  checkMs: 10_000,
  checkHeapMegabytes: 512,
  running: 1,
  waiting: 16,
  waitingPerKey: 4,
  remembered: 200,
  jobMs: 10 * 60_000,
  heapMegabytes: 1_024,
  answerBytes: 64 * 1024 * 1024,
  answersBytes: 128 * 1024 * 1024,
};
