import { parseInstant } from '@rewardbook/domain/values/instant';
import { asRecorded, type Pace, steady, unpaced } from '@rewardbook/replay/pace';
import type { ReplayMischief } from '@rewardbook/replay/replay';
import { sequence } from '@rewardbook/replay/sequence';
import type { OnPurpose, ReplaySummary } from '@rewardbook/replay/tally';
import { connectToSystem } from '../../client/connect.ts';
import { openEvents } from '../../files/events-input.ts';
import { printJson } from '../../files/output.ts';
import { inputError, mismatchError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import { groupedCount, renderFacts } from '../../terminal/table.ts';
import type { ReplayOptions } from './command.ts';
import { replay, untilTallied } from './replay.ts';

const REFUSED_SHOWN = 10;
const SAID_EVERY_MS = 10_000;
const MOMENT_MS = 3_000;

/** Replays a file, waits until it is tallied and prints the summary. */
export async function replayFile(file: string, options: ReplayOptions, io: Io): Promise<void> {
  const onPurpose = mischiefOf(options);
  const input = await openEvents(file, io, options);
  const client = await connectToSystem(options.data, io);
  const { program, repeat, concurrency } = options;
  const shuffle = options.shuffle === true ? options.seed : options.shuffle;
  const holds = shuffle !== undefined;
  // Lines are not counted beforehand: progress is in bytes read, and not shown if all are read before the first is sent.
  const total = input.size === undefined || holds ? undefined : input.size * repeat;
  const progress = startProgress(io.stderr, 'replay', total);
  let summary: ReplaySummary;
  try {
    summary = await replay(
      client,
      {
        program,
        lines: sequence({ ...input, isOnce: input.size === undefined }, { repeat, shuffle }),
        pace: paceOf(options),
        concurrency,
        onPurpose,
        batchLines: options.batch,
        onWaiting: sayNowAndThen(io),
        onProgress: (tally) => progress.update(input.bytesRead(), `${groupedCount(tally.sent)} events`),
      },
      io.signal,
    );
  } finally {
    progress.stop();
  }
  if (summary.sent === 0 && (summary.onPurpose?.dropped ?? 0) === 0) {
    throw inputError(`${input.name} has no events`);
  }
  await untilTallied(client, program, io.signal);
  client.close();
  if (options.json) {
    await printJson(io, summary);
  } else {
    await write(io.stdout, describeReplay(summary));
  }
  for (const { line, code, message } of summary.refused.slice(0, REFUSED_SHOWN)) {
    io.stderr.write(`${input.placeOf(line, message)}: ${code}: ${message}\n`);
  }
  const refused = summary.rejected + summary.conflicts;
  if (refused > REFUSED_SHOWN) {
    io.stderr.write(`… ${groupedCount(refused)} events were refused in all\n`);
  }
  if (summary.sent > 0 && summary.rejected === summary.sent) {
    throw inputError(`No line of ${input.name} is an event`);
  }
  const unnoticed = Object.entries(summary.onPurpose?.unnoticed ?? {});
  if (unnoticed.length > 0) {
    throw mismatchError(
      `The service took what it has to refuse: ${unnoticed.map(([kind, count]) => `${kind} ${count} times`).join(', ')}`,
    );
  }
}

/** Says now and then why it is waiting, once that takes longer than a moment. */
function sayNowAndThen(io: Io): (reason: string) => void {
  let heard = Number.NEGATIVE_INFINITY;
  let due = 0;
  return (reason) => {
    const now = Date.now();
    if (now - heard > SAID_EVERY_MS) {
      due = now + MOMENT_MS;
    }
    heard = now;
    if (now < due) {
      return;
    }
    due = now + SAID_EVERY_MS;
    io.stderr.write(`waiting: ${reason}\n`);
  };
}

/** The summary for people. */
function describeReplay(summary: ReplaySummary): string {
  const { p50, p95, p99 } = summary.latencyMs;
  const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);
  return renderFacts([
    ['sent', groupedCount(summary.sent)],
    ['accepted', groupedCount(summary.accepted)],
    ['duplicates', groupedCount(summary.duplicates)],
    ['conflicts', groupedCount(summary.conflicts)],
    ['rejected', groupedCount(summary.rejected)],
    ['requests', `${groupedCount(summary.requests)} (${summary.retries} sent again)`],
    ['rate', `${groupedCount(summary.eventsPerSecond)} events/s over ${summary.seconds.toFixed(1)} s`],
    ['latency', `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)} a request`],
    ...(summary.onPurpose === undefined ? [] : describePurpose(summary.onPurpose)),
  ]);
}

/** Apart from what the service refused: none of it is in the counts above. */
function describePurpose({ seed, dropped, late, faults, garbageLines }: OnPurpose): [string, string][] {
  const requests = Object.entries(faults).map(([kind, count]) => `${kind} ${groupedCount(count)}`);
  return [
    ['on purpose', `by seed ${seed}`],
    ['  left out', `${groupedCount(dropped)} events`],
    ['  sent late', `${groupedCount(late)} events`],
    ['  faults', requests.length === 0 ? 'none' : `${requests.join(', ')} requests`],
    ['  garbage', `${groupedCount(garbageLines)} lines`],
  ];
}

/** What is to be done on purpose; undefined where nothing was asked for. */
function mischiefOf(options: ReplayOptions): ReplayMischief | undefined {
  const { seed, drop, late, lateBy, lateUntil, fault, faultChance } = options;
  if (late === undefined && (lateBy !== undefined || lateUntil !== undefined)) {
    throw inputError('--late-by and --late-until say when; --late says how many events come late, as 0.05');
  }
  if (drop === undefined && late === undefined && fault === undefined) {
    return undefined;
  }
  const until = lateUntil === undefined ? undefined : parseInstant(lateUntil);
  return {
    seed,
    withheld: { drop: drop ?? 0, late: late ?? 0, by: lateBy, until },
    faults: { kinds: fault ?? [], chance: fault === undefined ? 0 : faultChance },
  };
}

function paceOf({ rate, speed }: ReplayOptions): Pace {
  if (rate !== undefined) {
    return steady(rate);
  }
  return speed === undefined ? unpaced : asRecorded(speed);
}
