/** What the lab takes on; the reports of the same process must not feel it. */
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
  /** Of the policies of a grid together: each point has one of its own. */
  readonly gridBytes: number;
  /** Questions that are read, and wait for it; the time and heap for one. */
  readonly checking: number;
  readonly checkMs: number;
  readonly checkHeapMegabytes: number;
  /** Jobs at the same time, each a thread, and those that wait. */
  readonly running: number;
  readonly waiting: number;
  /** Of those that wait, the ones of one key. */
  readonly waitingPerKey: number;
  /** Jobs that are remembered when they are over. */
  readonly remembered: number;
  readonly jobMs: number;
  /** Of a thread's heap of objects; events lie outside of it, and are bounded by their number. */
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
