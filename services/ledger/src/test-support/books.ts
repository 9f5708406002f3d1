import { randomBytes } from 'node:crypto';
import { plainArray, textArray } from '@rewardbook/db/array-literal';
import { findProgram, type Program } from '@rewardbook/db/books/program';
import { connect, type Sql } from '@rewardbook/db/client';
import { type EngagementEvent, isGiving } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { periodBounds, previousPeriod } from '@rewardbook/domain/values/period';
import { actorOf } from '../../../../test/support/people.ts';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { testPolicy as policyOfDefaults } from '../../../../test/support/test-policy.ts';
import { closePeriod } from '../close/close-period.ts';
import { readResult } from '../close/read-result.ts';
import { beginClose } from '../close/sql/periods.ts';
import type { Ledger } from '../service/ledger.ts';

/** A database of one's own with the ledger's use cases on it; closes are run by the test, not by a worker. */
export interface Books {
  readonly database: TestDatabase;
  readonly ledger: Ledger;
  /** A login in the roles of all services. */
  readonly sql: Sql;
  /** superuser */
  readonly owner: Sql;
  /** Ends all connections, and keeps the database. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

export async function openBooks(): Promise<Books> {
  return booksOn(await createTestDatabase());
}

/** Books on a copy of a database without connections (see `disconnect`): faster than repeating its history. */
export async function copyBooks({ database }: Books): Promise<Books> {
  const name = `${database.name}_${randomBytes(4).toString('hex')}`;
  const administer = async (statement: string): Promise<void> => {
    const admin = connect(database.ownerUrl.replace(database.name, 'postgres'), { max: 1 });
    await admin.unsafe(statement);
    await admin.end();
  };
  await administer(`CREATE DATABASE ${name} TEMPLATE ${database.name}`);
  const renamed = (url: string): string => url.replace(database.name, name);
  const { events, ledger, reports } = database.serviceUrls;
  return booksOn({
    name,
    ownerUrl: renamed(database.ownerUrl),
    serviceUrl: renamed(database.serviceUrl),
    serviceUrls: { events: renamed(events), ledger: renamed(ledger), reports: renamed(reports) },
    drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  });
}

/** The use cases on a database that is there. */
export function booksOn(database: TestDatabase): Books {
  const sql = connect(database.serviceUrl, { max: 4 });
  const slowSql = connect(database.serviceUrl, { max: 4 });
  const owner = connect(database.ownerUrl, { max: 2 });
  const ledger: Ledger = {
    sql,
    slowSql,
    openConnection: () => connect(database.serviceUrl, { max: 1 }),
    unnotedFailures: new Map(),
    enqueueClose: async () => undefined,
    beginPhase: () => undefined,
    observePhase: () => undefined,
    eventsForTwoParts: 2,
  };
  const disconnect = async (): Promise<void> => {
    // With a limit: after a kill postgres.js can wait for a connection that is gone.
    await Promise.all([sql, slowSql, owner].map((pool) => pool.end({ timeout: 1 })));
  };
  return {
    database,
    ledger,
    sql,
    owner,
    disconnect,
    close: async () => {
      await disconnect();
      await database.drop();
    },
  };
}

export async function programOf({ sql }: Books, slug: string): Promise<Program> {
  const program = await findProgram(sql, slug);
  if (program === undefined) {
    throw new Error(`no program ${slug}`);
  }
  return program;
}

/** Records events as one sealed batch, or as one that is not sealed yet; under a number from `reserve_batches`, or a new one. */
export async function ingest(
  sql: Sql,
  programId: number,
  events: readonly EngagementEvent[],
  { seal = true, batch = null }: { seal?: boolean; batch?: string | null } = {},
): Promise<string> {
  const column = (pick: (event: EngagementEvent) => string) => textArray(events.map(pick));
  const [row] = await sql<{ batchId: string }[]>`
    SELECT batch_id::text AS "batchId" FROM ingest_events(
      ${programId}, ${column((e) => e.id)}::text[], ${column((e) => e.source)}::text[], ${column((e) => e.viewerId)}::text[],
      ${column((e) => e.creatorId)}::text[], ${column((e) => e.contentId)}::text[],
      ${plainArray(events.map((e) => isGiving(e.type)))}::boolean[], ${plainArray(events.map((e) => e.occurredAt))}::bigint[],
      ${batch}::bigint)`;
  const batchId = row?.batchId ?? '';
  if (seal) {
    await sql`SELECT seal_batches(ARRAY[${batchId}::bigint])`;
  }
  return batchId;
}

/** Begins a close and does it. */
export async function closeNow(books: Books, slug: string, period: string): Promise<string> {
  const program = await programOf(books, slug);
  await begin(books, program, period);
  return (await closePeriod(books.ledger, { program: slug, period })) ?? '';
}

export async function begin(books: Books, program: Program, period: string): Promise<void> {
  const { start, end } = periodBounds(period, program.timeZone);
  await beginClose(books.sql, {
    programId: program.programId,
    period,
    startsAt: start,
    endsAt: end,
    previous: previousPeriod(period),
    actor: actorOf('test'),
  });
}

/** The text of a closed period's result. */
export async function resultOf(books: Books, slug: string, period: string): Promise<string> {
  return textOf(await readResult(books.ledger, slug, period));
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
  }
  return text;
}

/** A policy of all defaults in UTC, and what is given on top. */
export function testPolicy(changes: Partial<Policy> = {}): Policy {
  return policyOfDefaults({ program: 'books', name: 'Books', timeZone: 'UTC', ...changes });
}

let eventNumber = 0;

/** An event with a unique number as id. */
export function event(
  type: EngagementEvent['type'],
  viewerId: string,
  creatorId: string,
  occurredAt: string,
  { contentId = 'k1', id }: { contentId?: string; id?: string } = {},
): EngagementEvent {
  eventNumber += 1;
  return {
    id: id ?? `e${String(eventNumber).padStart(6, '0')}`,
    source: 'default',
    type,
    viewerId,
    creatorId,
    contentId: type === 'like' || type === 'unlike' ? contentId : '',
    occurredAt: Date.parse(occurredAt),
  };
}
