import type { CheckOut } from '@rewardbook/contracts/api/verify';
import { type FinishedClose, listCloses } from '@rewardbook/db/books/closes';
import { findEntry } from '@rewardbook/db/books/entries';
import { findPolicy, listPolicies, requirePolicy } from '@rewardbook/db/books/policies';
import type { Program } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { closePostings } from '@rewardbook/domain/books/close-entry';
import { postingsHasher } from '@rewardbook/domain/books/journal-hash';
import { balanced } from '@rewardbook/domain/books/posting';
import type { CreatorResult, PeriodResult } from '@rewardbook/domain/close/result';
import { type EngagementEvent, eventType } from '@rewardbook/domain/events/event';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { parseAmount } from '@rewardbook/money/amount';
import { type PeriodClose, periodResult } from '@rewardbook/simulate/closes/period-result';
import { createSimulation, type Simulation } from '@rewardbook/simulate/closes/simulate';
import type { SimulatedPolicy } from '@rewardbook/simulate/closes/simulation';
import { readAllocations } from '../close/sql/allocations.ts';
import { readParts } from '../close/sql/parts.ts';
import { readLockstep } from '../close/sql/viewers.ts';
import { listCreators } from '../creators/sql.ts';
import { Checks, type Tally } from './check.ts';
import { readSeenEvents, type SeenEventRow } from './events-sql.ts';

const PAGE = 1_000;

const RESULTS = 'closes: derived again from the events';
const ALLOCATIONS = 'closes: allocations derived again from the events';
const ENTRIES = 'closes: entries derived again from the events';
export const CLOSE_CHECKS = [RESULTS, ALLOCATIONS, ENTRIES];

/**
 * Derives every closed period again from the events, by the simulator, which shares nothing with the SQL that folded them, and
 * compares results to the last creator.
 */
export async function verifyCloses(sql: Sql, program: Program, checks = new Checks()): Promise<CheckOut[]> {
  const closed = (await listCloses(sql, program.programId)).filter((close) => close.status === 'closed');
  const results = checks.begin(RESULTS);
  const allocations = checks.begin(ALLOCATIONS);
  const entries = checks.begin(ENTRIES);
  if (closed.length > 0) {
    const simulation = await simulationOf(sql, program, closed, () => results.noteRead());
    let index = 0;
    for (const derived of simulation.periodCloses()) {
      const row = closed[index];
      index += 1;
      if (row === undefined) {
        break;
      }
      await compare(sql, program, row, derived, { results, allocations, entries });
    }
  }
  return CLOSE_CHECKS.map((check) => checks.end(check));
}

async function simulationOf(
  sql: Sql,
  program: Program,
  closed: readonly FinishedClose[],
  onEvent: () => void,
): Promise<Simulation> {
  const lateAt = new Map<EngagementEvent, number>();
  const registries = await registriesOf(sql, program, closed);
  const simulation = createSimulation({
    policies: await policiesOf(sql, program),
    creators: (period) => registries.get(period) ?? [],
    revenue: new Map(closed.map((row) => [row.period, parseAmount(row.revenueEntries, program.currency)])),
    closed: closed.map(({ period, startsAt, endsAt }) => ({ period, start: startsAt, end: endsAt })),
    seenAt: (event) => lateAt.get(event) ?? 1,
  });
  // Ids repeat: one string each instead of one an event.
  const strings = new Map<string, string>();
  const shared = (text: string): string => {
    const known = strings.get(text);
    if (known !== undefined) {
      return known;
    }
    strings.set(text, text);
    return text;
  };
  await readSeenEvents(sql, program.programId, closed.length, (row) => {
    const event = toEvent(row, shared);
    if (row.lateAt !== null) {
      lateAt.set(event, row.lateAt);
    }
    simulation.add(event);
    onEvent();
  });
  return simulation;
}

function toEvent(row: SeenEventRow, shared: (text: string) => string): EngagementEvent {
  const { id, active, occurredAt } = row;
  return {
    id,
    source: shared(row.source),
    type: eventType(row.contentId === '', active),
    viewerId: shared(row.viewerId),
    creatorId: shared(row.creatorId),
    contentId: shared(row.contentId),
    occurredAt,
  };
}

async function policiesOf(sql: Sql, { programId }: Program): Promise<SimulatedPolicy[]> {
  const stored = await listPolicies(sql, programId);
  return stored.map(({ policy, policyHash, validFrom }) => ({ policy, policyHash, validFrom }));
}

/** The registered creators that each close used; closes that used the same version share one list. */
async function registriesOf(
  sql: Sql,
  { programId }: Program,
  closed: readonly FinishedClose[],
): Promise<Map<string, RegisteredCreator[]>> {
  const byVersion = new Map<number, RegisteredCreator[]>();
  const byPeriod = new Map<string, RegisteredCreator[]>();
  for (const { period, creatorsVersion } of closed) {
    const creators = byVersion.get(creatorsVersion) ?? [];
    if (!byVersion.has(creatorsVersion)) {
      byVersion.set(creatorsVersion, creators);
      for (let after = ''; ; ) {
        const page = await listCreators(sql, programId, creatorsVersion, { after, limit: PAGE });
        creators.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) {
          break;
        }
        after = last.creatorId;
      }
    }
    byPeriod.set(period, creators);
  }
  return byPeriod;
}

async function compare(
  sql: Sql,
  program: Program,
  row: FinishedClose,
  close: PeriodClose,
  { results, allocations, entries }: { results: Tally; allocations: Tally; entries: Tally },
): Promise<void> {
  const derived = periodResult(close);
  const stored: [string, string | null, string][] = [
    ['policyHash', row.policyHash, derived.policyHash],
    ['pool', row.pool, derived.pool],
    ['allocated', row.allocated, derived.allocated],
    ['undistributed', row.undistributed, derived.undistributed],
    ['excluded', row.excluded, JSON.stringify(derived.excluded)],
    ['metrics', row.metrics, JSON.stringify(derived.metrics)],
    ['resultHash', row.resultHash, derived.resultHash],
  ];
  const different = stored.find(([, has, expected]) => has !== expected);
  results.note(different === undefined, () => {
    const [name, has, expected] = different ?? [];
    return `period ${row.period}: ${name} is ${has}, derived ${expected}`;
  });

  await compareLockstep(sql, program, row, derived, results);
  await compareParts(sql, program, row, derived, allocations);
  await compareEntry(sql, program, row, close, entries);

  let next = 0;
  for await (const page of readAllocations(sql, program.programId, row.attemptId)) {
    for (const allocation of page) {
      const expected = derived.creators[next];
      next += 1;
      const has = canonical(allocation);
      const wants = expected === undefined ? 'nothing' : canonical(expected);
      allocations.note(has === wants, () => `period ${row.period}: the allocation is ${has}, derived ${wants}`);
    }
  }
  const missing = derived.creators[next];
  if (missing !== undefined) {
    allocations.note(false, () => `period ${row.period}: the allocation ${canonical(missing)} is missing`);
  }
}

/** What is stored of what the close gives besides the pool. */
async function compareParts(
  sql: Sql,
  program: Program,
  { period, attemptId, policyVersion }: FinishedClose,
  { campaigns, gifts, commissions, shares, benefits }: PeriodResult,
  allocations: Tally,
): Promise<void> {
  const { policy } = await requirePolicy(sql, program.programId, policyVersion);
  const has = JSON.stringify(await readParts(sql, program, attemptId, policy));
  const wants = JSON.stringify({ campaigns, gifts, commissions, shares, benefits });
  allocations.note(has === wants, () => `period ${period}: besides the pool it gives ${has}, derived ${wants}`);
}

/** The entry that was made in SQL has the postings that the domain makes of the result. */
async function compareEntry(
  sql: Sql,
  { programId, currency }: Program,
  { period, entryKey, rolledOver, policyVersion }: FinishedClose,
  { result }: PeriodClose,
  entries: Tally,
): Promise<void> {
  const rolled = parseAmount(rolledOver, currency);
  const stored = await findPolicy(sql, programId, policyVersion);
  const postings = postingsHasher(currency);
  if (stored !== undefined) {
    const pool = { ...result.pool, funded: result.pool.pool - rolled, rolledOver: rolled };
    const lines = closePostings(period, stored.policy, {
      pool,
      creators: result.creators,
      parts: result.parts,
    });
    for (const posting of balanced(lines)) {
      postings.add(posting);
    }
  }
  const { count } = postings;
  const entry = await findEntry(sql, programId, entryKey);
  const holds = entry?.postingCount === count && entry.postingsHash === postings.digest();
  entries.note(holds, () => `period ${period}: its entry ${entryKey} has other postings than its result comes to`);
}

/** Groups are not in the resultHash, but follow from the events all the same. */
async function compareLockstep(
  sql: Sql,
  { programId }: Program,
  { period, attemptId }: FinishedClose,
  derived: PeriodResult,
  results: Tally,
): Promise<void> {
  const expected = derived.lockstep ?? [];
  let next = 0;
  for await (const page of readLockstep(sql, programId, attemptId)) {
    for (const { viewers, links, matches } of page) {
      const has = JSON.stringify({ viewers, links, matches });
      const wants = JSON.stringify(expected[next] ?? null);
      next += 1;
      results.note(has === wants, () => `period ${period}: group ${next} in lockstep is ${has}, derived ${wants}`);
    }
  }
  if (next < expected.length) {
    results.note(false, () => `period ${period}: group ${next + 1} in lockstep is missing`);
  }
}

function canonical({
  creatorId,
  netLikes,
  netFollows,
  carriedIn,
  carriedOut,
  points,
  weight,
  amount,
}: CreatorResult): string {
  return JSON.stringify({ creatorId, netLikes, netFollows, carriedIn, carriedOut, points, weight, amount });
}
