/** How much one question to the policy lab may ask for. Counts, unless a name says otherwise. */
export interface QuestionLimits {
  /** Values of one key of a grid. */
  readonly axisValues: number;
  /** Points of a grid, and bytes of the policies of all of them together as JSON: each point has its own. */
  readonly gridSize: number;
  readonly gridBytes: number;
  /** Runs of a scenario, each with a seed of its own. */
  readonly seeds: number;
  /** From the first to the last that revenue is given of. */
  readonly periods: number;
  readonly fakeEvents: number;
  /** Of an adversary. */
  readonly accounts: number;
  readonly hours: number;
  /** Random worlds of a search. */
  readonly trials: number;
  /** Creators that a screening lists. */
  readonly listed: number;
}

/** What the lab takes on where the asker waits with a machine of their own, as on the command line. */
export const MAX_QUESTION: QuestionLimits = {
  axisValues: 1_000,
  gridSize: 10_000,
  gridBytes: 320 * 1024 * 1024,
  seeds: 10_000,
  periods: 20_000,
  fakeEvents: 10_000_000,
  accounts: 10_000_000,
  hours: 100_000,
  trials: 1_000_000,
  listed: 1_000_000_000,
};

/**
 * What the service takes on: a tenth of it. All who ask share one job at a time, of ten minutes and a gigabyte of heap, in a process that
 * also answers reports.
 */
export const MAX_SERVICE_QUESTION: QuestionLimits = {
  ...MAX_QUESTION,
  gridSize: 1_000,
  gridBytes: 32 * 1024 * 1024,
  seeds: 1_000,
  periods: 2_000,
  fakeEvents: 1_000_000,
  accounts: 1_000_000,
  trials: 100_000,
  listed: 10_000,
};

/** What a question says where it leaves something out, whoever asks. */
export const QUESTION_DEFAULTS = {
  fakeEvents: 1_000,
  trials: 500,
  searchSeed: 1,
  /** Periods that a screening looks at: all. */
  screenedPeriods: 1_000_000_000,
  minFollows: 5,
  minFollowers: 0,
  maxFollowers: 1_000_000_000,
  listed: 20,
} as const;
