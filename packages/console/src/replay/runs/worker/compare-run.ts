import { MAX_AHEAD_MS } from '@rewardbook/contracts/events/event';
import { readEventLine } from '@rewardbook/contracts/events/event-line';
import { eachLine } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { compareResults } from '@rewardbook/lab/diff/compare-results';
import { behind } from '@rewardbook/lab/diff/event-sets';
import type { ResultDifference } from '@rewardbook/lab/diff/results';
import type { IngestClient } from '@rewardbook/replay/ingest-client';
import { replay } from '@rewardbook/replay/replay';
import { createSimulation } from '@rewardbook/simulate/closes/simulate';
import { type Acceptance, AcceptedEvents, type EventPositions } from '@rewardbook/simulate/events/accepted-events';
import { openSource } from '../../events/open-source.ts';
import type { RunJob, RunProgress } from './messages.ts';
import { eventsPlanOf } from './plan-run.ts';
import { ledgerResult, type ProgramNow, readProgram, recordedEvents } from './read-program.ts';
import type { ComparedPeriod, RunComparison } from './run-record.ts';

interface Taker {
  add(event: EngagementEvent): Acceptance;
  addBytes(bytes: Uint8Array, at: EventPositions): Acceptance;
}

/** Simulates the events of a run under the present program, and compares that with what the ledger says. */
export async function compareRun(
  job: RunJob,
  canDryRun: boolean,
  tell: (progress: RunProgress) => void,
  signal: AbortSignal,
): Promise<RunComparison> {
  const now = await readProgram(job.program, signal);
  const at = new Date().toISOString();
  const { comparable, note } = whatToCompare(now, canDryRun);
  if (comparable.length === 0) {
    return { at, events: 0, periods: [], note };
  }
  const simulation = createSimulation(now);
  const events = await takeEvents(job, simulation, tell, signal);
  const simulated = new Map<string, PeriodResult>();
  for (const result of simulation.closes()) {
    simulated.set(result.period, result);
    tell({ phase: 'simulating', counts: null, done: simulated.size, total: now.periods.length, waiting: null });
  }
  const periods: ComparedPeriod[] = [];
  for (const { period, status } of comparable) {
    tell({ phase: 'asking the ledger', counts: null, done: periods.length, total: comparable.length, waiting: null });
    const mine = simulated.get(period);
    if (mine !== undefined) {
      periods.push(await comparePeriod(job, mine, status === 'closed', signal));
    }
  }
  const differing = periods.findIndex(({ firstOfCreator }) => firstOfCreator !== null);
  const found = periods[differing];
  if (found !== undefined) {
    periods[differing] = { ...found, ...(await behindOf(job, found.firstOfCreator, tell, signal)) };
  }
  return { at, events, periods, note };
}

/** Closed periods by their results, and the one that closes next by a dry run. */
function whatToCompare({ periods }: ProgramNow, canDryRun: boolean) {
  const closed = periods.filter(({ status }) => status === 'closed');
  const next = periods.find(({ status }) => status !== 'closed');
  if (periods.length === 0) {
    return { comparable: [], note: 'No revenue is booked for this program: there is nothing to split yet.' };
  }
  if (next === undefined) {
    return { comparable: closed, note: null };
  }
  if (!canDryRun) {
    return { comparable: closed, note: `A dry run of ${next.period} needs the right to operate programs.` };
  }
  const later = periods.filter(({ status, period }) => status !== 'closed' && period !== next.period);
  const note =
    later.length === 0 ? null : `${later.map(({ period }) => period).join(', ')}: once ${next.period} is closed.`;
  return { comparable: [...closed, next], note };
}

async function comparePeriod(job: RunJob, mine: PeriodResult, isClosed: boolean, signal: AbortSignal) {
  const ledger = await ledgerResult(job.program, mine.period, isClosed, signal);
  const isSameText = JSON.stringify(mine) === ledger.text.trim();
  const asWritten = { program: undefined, periods: [ledger.result] };
  const diff = isSameText
    ? { differences: 0, first: null, firstOfCreator: null }
    : compareResults({ program: undefined, periods: [JSON.parse(JSON.stringify(mine))] }, asWritten);
  const { differences, first, firstOfCreator } = diff;
  return {
    period: mine.period,
    against: isClosed ? ('close' as const) : ('dry-run' as const),
    simulatedHash: mine.resultHash,
    ledgerHash: ledger.result.resultHash,
    ...{ differences, first, firstOfCreator, behind: null, behindCount: 0 },
  };
}

/** The engagements that a difference comes from: those whose events were sent but are not recorded, or the other way round. */
async function behindOf(
  job: RunJob,
  difference: ResultDifference | null,
  tell: (progress: RunProgress) => void,
  signal: AbortSignal,
): Promise<Pick<ComparedPeriod, 'behind' | 'behindCount'>> {
  if (difference === null || difference.creatorId === null) {
    return { behind: null, behindCount: 0 };
  }
  const sent = new AcceptedEvents();
  await takeEvents(job, sent, tell, signal);
  const recorded = await recordedEvents(job.program, signal);
  const { count, engagements } = behind(difference.creatorId, difference.period ?? '', [sent, recorded]);
  return {
    behindCount: count,
    behind: engagements.map(({ viewerId, contentId = null, events }) => ({
      ...{ viewerId, contentId },
      events: events.map(({ id, type, occurredAt, only = null }) => ({ id, type, occurredAt, only })),
    })),
  };
}

/** Gives the events that a run sends to a taker, in their order; what ingest refuses is left out. @returns how many were accepted */
async function takeEvents(
  { source, options }: RunJob,
  taker: Taker,
  tell: (progress: RunProgress) => void,
  signal: AbortSignal,
): Promise<number> {
  const opened = await openSource(source);
  const scanner = new EventScanner();
  const latestMs = Date.now() + MAX_AHEAD_MS;
  let accepted = 0;
  const count = (acceptance: Acceptance): void => {
    accepted += acceptance === 'accepted' ? 1 : 0;
  };
  const client: IngestClient = {
    async send(body) {
      const received = eachLine(body, {
        line(block, from, end) {
          if (scanner.scan(block, from, end, latestMs)) {
            count(taker.addBytes(block, scanner));
            return;
          }
          const read = readEventLine(block.subarray(from, end), latestMs);
          if (read.ok) {
            count(taker.add(read.event));
          }
        },
        longLine: () => undefined,
      });
      await new Promise((resolve) => setTimeout(resolve, 0)); // a cancel has its turn
      signal.throwIfAborted();
      return { received, accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, batches: [], refused: [] };
    },
    sendSlowly: notHere,
    sendCut: notHere,
    sendCutGzip: notHere,
    gzip: notHere,
    firstUntallied: async () => undefined,
  };
  const onProgress = (): void => {
    tell({ phase: 'reading', counts: null, done: opened.done(), total: opened.total * options.repeat, waiting: null });
  };
  await replay(client, { ...eventsPlanOf(opened, options), onProgress }, signal);
  return accepted;
}

async function notHere(): Promise<never> {
  throw new Error('nothing is sent here');
}
