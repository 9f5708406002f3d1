import { bigint, boolean, integer, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The tables of the lists whose queries are composed, as drizzle sees them. migrations/ is the source; a test compares the two.
 * Ids that JavaScript numbers hold safely (< 2^53) come as numbers.
 */
const rewardbook = pgSchema('rewardbook');
const serverClock = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const counter = (name: string) => bigint(name, { mode: 'number' });

export const event = rewardbook.table(
  'event',
  {
    programId: integer('program_id').notNull(),
    id: text('id').notNull(),
    source: text('source').notNull(),
    viewerId: text('viewer_id').notNull(),
    creatorId: text('creator_id').notNull(),
    contentId: text('content_id').notNull(),
    active: boolean('active').notNull(),
    occurredAt: counter('occurred_at').notNull(),
    batchId: counter('batch_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.id, t.source, t.viewerId] })],
);

export const ingestBatch = rewardbook.table('ingest_batch', {
  batchId: counter('batch_id').primaryKey().generatedAlwaysAsIdentity(),
  programId: integer('program_id').notNull(),
  receivedAt: serverClock('received_at').notNull(),
  accepted: integer('accepted').notNull(),
  duplicates: integer('duplicates').notNull(),
  conflicts: integer('conflicts').notNull(),
  occurredMin: counter('occurred_min').notNull(),
  occurredMax: counter('occurred_max').notNull(),
  sealedAt: serverClock('sealed_at'),
  talliedAt: serverClock('tallied_at'),
  seenClose: integer('seen_close'),
});

export const refusedEvent = rewardbook.table('refused_event', {
  refusalId: counter('refusal_id').primaryKey().generatedAlwaysAsIdentity(),
  programId: integer('program_id').notNull(),
  receivedAt: serverClock('received_at').notNull(),
  lineIndex: integer('line_index').notNull(),
  eventId: text('event_id'),
  code: text('code').notNull(),
  message: text('message').notNull(),
  body: text('body').notNull(),
});
