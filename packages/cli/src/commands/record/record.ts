import { eventOutSchema } from '@rewardbook/contracts/api/ingest/events';
import { periodOutSchema } from '@rewardbook/contracts/api/periods';
import { parseInstant } from '@rewardbook/domain/values/instant';
import type { PeriodBounds } from '@rewardbook/domain/values/period';
import { type Client, path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { eachItem } from '../../client/pages.ts';
import { isStdout, writeFileOf } from '../../files/output.ts';
import { serverError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import { groupedCount } from '../../terminal/table.ts';
import type { RecordOptions } from './command.ts';

const LINES_PER_WRITE = 1_000; // a page

/** Writes the accepted events of a program, or of one of its periods, as NDJSON, by the bytes of (id, source, viewerId). */
export async function record({ program, period, output, data, json }: RecordOptions, io: Io): Promise<void> {
  const client = await connectToSystem(data, io);
  const bounds = period === undefined ? undefined : await boundsOf(client, program, period);
  const progress = startProgress(io.stderr, 'record', undefined);
  let events = 0;
  const call = { service: 'events', scope: 'read', path: path`/v1/programs/${program}/events` } as const;
  try {
    await writeFileOf(output, io, async (put) => {
      let text = '';
      let read = 0;
      for await (const event of eachItem(client, call, eventOutSchema)) {
        read += 1;
        if (bounds === undefined || isWithin(event.occurredAt, bounds)) {
          text += `${JSON.stringify(event)}\n`;
          events += 1;
        }
        if (read % LINES_PER_WRITE > 0) {
          continue;
        }
        await put(text);
        text = '';
        progress.update(read, `${groupedCount(read)} events`);
      }
      await put(text);
    });
  } finally {
    progress.stop();
    client.close();
  }
  const isToFile = !isStdout(output);
  const made = { program, ...(period === undefined ? {} : { period }), events };
  if (json) {
    await write(isToFile ? io.stdout : io.stderr, `${JSON.stringify(made)}\n`);
  } else {
    io.stderr.write(`${groupedCount(events)} events\n`);
  }
}

/** Asks the ledger: the bounds that a close has fixed hold, whatever this machine's time zone rules say. */
async function boundsOf(client: Client, program: string, period: string): Promise<PeriodBounds> {
  const address = path`/v1/programs/${program}/periods/${period}`;
  const { start, end } = await client.json({ service: 'ledger', scope: 'read', path: address }, periodOutSchema);
  return { start: instantOf(start), end: instantOf(end) };
}

function isWithin(occurredAt: string, { start, end }: PeriodBounds): boolean {
  const at = instantOf(occurredAt);
  return at >= start && at < end;
}

function instantOf(text: string): number {
  const at = parseInstant(text);
  if (at === undefined) {
    throw serverError(`The service gave "${text}" for an instant; this version does not know that`);
  }
  return at;
}
