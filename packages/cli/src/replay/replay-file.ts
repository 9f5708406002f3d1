import type { ReplayOptions } from '../commands/replay.ts';
import { findSystem } from '../connection.ts';
import { wrongInput } from '../failure.ts';
import { Client } from '../http.ts';
import { openInput } from '../input.ts';
import { type Io, write } from '../io.ts';
import { printJson } from '../output.ts';
import { startProgress } from '../progress.ts';
import { groupedCount, renderFacts } from '../table.ts';
import { asRecorded, type Pace, steady, unpaced } from './pace.ts';
import { replay, untilTallied } from './replay.ts';
import { sequence } from './sequence.ts';
import type { ReplaySummary } from './tally.ts';

const REFUSED_SHOWN = 10;

/** Replays a file, waits until it is tallied and prints the summary. */
export async function replayFile(file: string, options: ReplayOptions, io: Io): Promise<void> {
  const input = await openInput(file, io);
  const client = new Client(await findSystem(options.data, io), io.signal);
  const { program, repeat, shuffle, concurrency } = options;
  const holds = shuffle !== undefined;
  // Lines are not counted beforehand: how far it is shows in the bytes read, or where they are read at once, not at all.
  const total = input.size === undefined || holds ? undefined : input.size * repeat;
  const progress = startProgress(io.stderr, 'replay', total);
  let summary: ReplaySummary;
  try {
    summary = await replay(
      client,
      {
        program,
        lines: sequence(input, { repeat, shuffle }),
        pace: paceOf(options),
        concurrency,
        onProgress: (tally) => progress.update(input.bytesRead(), `${groupedCount(tally.sent)} events`),
      },
      io.signal,
    );
  } finally {
    progress.stop();
  }
  if (summary.sent === 0) throw wrongInput(`${input.name} has no events`);
  await untilTallied(client, program, io.signal);
  client.close();
  if (options.json) await printJson(io, summary);
  else await write(io.stdout, describeReplay(summary));
  for (const { line, code, message } of summary.refused.slice(0, REFUSED_SHOWN)) {
    io.stderr.write(`line ${line}: ${code}: ${message}\n`);
  }
  const refused = summary.rejected + summary.conflicts;
  if (refused > REFUSED_SHOWN) io.stderr.write(`… ${groupedCount(refused)} events were refused in all\n`);
  if (summary.rejected === summary.sent) throw wrongInput(`No line of ${input.name} is an event`);
}

/** The summary for people. */
export function describeReplay(summary: ReplaySummary): string {
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
  ]);
}

function paceOf({ rate, speed }: ReplayOptions): Pace {
  if (rate !== undefined) return steady(rate);
  return speed === undefined ? unpaced : asRecorded(speed);
}
