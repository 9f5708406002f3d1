import { z } from 'zod';

/** What a page can do to its requests. A browser sends a request whole: it cannot pace the pieces of one, as `rewardbook replay` does. */
export const PAGE_FAULTS = ['abort', 'truncate', 'duplicate', 'garbage'] as const;

export type PageFault = (typeof PAGE_FAULTS)[number];

/** How a replay is sent; all that is drawn comes from the seed, as in `rewardbook replay`. */
export const runSettingsSchema = z.object({
  seed: z.string().min(1),
  shuffle: z.boolean(),
  repeat: z.int().min(1).max(1000),
  /** Events a second; null: as fast as they go. */
  perSecond: z.int().min(1).nullable(),
  /** As the events happened, as many times as fast; null: not by their times. */
  speed: z.number().positive().nullable(),
  drop: z.number().min(0).max(1),
  late: z.number().min(0).max(1),
  faults: z.array(z.enum(PAGE_FAULTS)),
  faultChance: z.number().min(0).max(1),
});

export type RunSettings = z.output<typeof runSettingsSchema>;

/** Where the events come from. A file is kept in the browser where there is room for it. */
export const runSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pack'), name: z.string(), events: z.int().nullable() }),
  z.object({ kind: z.literal('file'), name: z.string(), size: z.int() }),
]);

export type RunSource = z.output<typeof runSourceSchema>;

const runCountsSchema = z.object({
  sent: z.int(),
  accepted: z.int(),
  duplicates: z.int(),
  conflicts: z.int(),
  rejected: z.int(),
  requests: z.int(),
  retries: z.int(),
  seconds: z.number(),
  eventsPerSecond: z.int(),
  refused: z.array(z.object({ line: z.int(), id: z.string().nullable(), code: z.string(), message: z.string() })),
  onPurpose: z
    .object({
      seed: z.string(),
      dropped: z.int(),
      late: z.int(),
      faults: z.record(z.string(), z.int()),
      garbageLines: z.int(),
      unnoticed: z.record(z.string(), z.int()),
    })
    .nullable(),
});

/** What came of a replay so far. */
export type RunCounts = z.output<typeof runCountsSchema>;

const valueSchema = z.union([z.string(), z.number()]).nullable();
const differenceSchema = z.object({
  period: z.string().nullable(),
  creatorId: z.string().nullable(),
  field: z.string(),
  a: valueSchema,
  b: valueSchema,
});
const tracedEventSchema = z.object({
  id: z.string(),
  type: z.string(),
  occurredAt: z.string(),
  only: z.enum(['a', 'b']).nullable(),
});

/** A period as it was simulated, next to what the ledger says of it. */
const comparedPeriodSchema = z.object({
  period: z.string(),
  /** `close`: its result; `dry-run`: what a close would give. */
  against: z.enum(['close', 'dry-run']),
  simulatedHash: z.string(),
  ledgerHash: z.string(),
  differences: z.int(),
  first: differenceSchema.nullable(),
  firstOfCreator: differenceSchema.nullable(),
  /** Engagements behind the first creator who differs. */
  behind: z
    .array(z.object({ viewerId: z.string(), contentId: z.string().nullable(), events: z.array(tracedEventSchema) }))
    .nullable(),
  behindCount: z.int(),
});

export const comparisonSchema = z.object({
  at: z.string(),
  events: z.int(),
  periods: z.array(comparedPeriodSchema),
  /** Why there is nothing more to compare with; null: all that has revenue was compared. */
  note: z.string().nullable(),
});

export type ComparedPeriod = z.output<typeof comparedPeriodSchema>;
export type RunComparison = z.output<typeof comparisonSchema>;

const runStateSchema = z.enum(['sending', 'tallying', 'done', 'cancelled', 'failed']);

/** What the browser keeps of a replay. */
export const runRecordSchema = z.object({
  id: z.string(),
  program: z.string(),
  person: z.string(),
  startedAt: z.string(),
  source: runSourceSchema,
  options: runSettingsSchema,
  state: runStateSchema,
  failure: z.string().nullable(),
  counts: runCountsSchema.nullable(),
  comparison: comparisonSchema.nullable(),
});

export type RunRecord = z.output<typeof runRecordSchema>;
