/** The load that the lab accepts; it must not slow down the reports of the same process. */
export interface LabLimits {
  /** Of one upload, unpacked, and of all that are kept. */
  readonly uploadBytes: number;
  readonly uploadsBytes: number;
  /** Of a question. */
  readonly questionBytes: number;
  /** Events of one question, whatever they come from. */
  readonly events: number;
  /** Creators and viewers of a scenario. */
  readonly parties: number;
  readonly gridSize: number;
  /** Of all policies of a grid together: each point has its own. */
  readonly gridBytes: number;
  /** Questions that are being read or wait for that; the time and heap for one. */
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
  uploadBytes: 512 * 1024 * 1024,
  uploadsBytes: 2 * 1024 * 1024 * 1024,
  questionBytes: 16 * 1024 * 1024,
  events: 5_000_000,
  parties: 2_000_000,
  gridSize: 1_000,
  gridBytes: 32 * 1024 * 1024,
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
