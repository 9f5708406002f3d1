import { parseEvent } from '@rewardbook/contracts/events/event';
import { connect, query } from '@rewardbook/db/client';
import { createPostgresBackend, Queue, withBackend } from 'bullmq';
import { bigint, boolean, integer, pgSchema, text } from 'drizzle-orm/pg-core';
import Fastify from 'fastify';

// Run by single-events.ts in its own process: the handler that one writes first. One insert and one job an event; no
// keys, no sealing, no metrics. Prints its address.
const plainEvent = pgSchema('plain').table('event', {
  programId: integer('program_id').notNull(),
  id: text('id').notNull(),
  source: text('source').notNull(),
  viewerId: text('viewer_id').notNull(),
  creatorId: text('creator_id').notNull(),
  contentId: text('content_id').notNull(),
  active: boolean('active').notNull(),
  occurredAt: bigint('occurred_at', { mode: 'number' }).notNull(),
  batchId: bigint('batch_id', { mode: 'number' }).notNull(),
});
const databaseUrl = process.env.DATABASE_URL ?? '';
const redisUrl = process.env.REDIS_URL;
const db = query(connect(databaseUrl, { max: 10 }));
const queue = redisUrl
  ? new Queue('plain', { connection: { url: redisUrl }, defaultJobOptions: { removeOnComplete: true } })
  : new (withBackend(createPostgresBackend).Queue)('plain', {
      connection: { connectionString: databaseUrl, schema: 'bullmq', max: 10 },
    });
queue.on('error', (error) => console.error(error));
await queue.waitUntilReady();

const app = Fastify();
app.post('/events', async (request, reply) => {
  const parsed = parseEvent(request.body, Date.now() + 300_000);
  if (!parsed.ok) {
    return reply.code(422).send(parsed);
  }
  const { type, ...event } = parsed.event;
  const active = type === 'like' || type === 'follow';
  await db
    .insert(plainEvent)
    .values({ ...event, programId: 1, active, batchId: 1 })
    .onConflictDoNothing();
  await queue.add('tally', { id: event.id });
  return { accepted: 1 };
});
console.log(`${await app.listen({ port: 0, host: '127.0.0.1' })}/events`);
process.on('SIGTERM', async () => {
  await app.close();
  await queue.close();
  process.exit(0);
});
