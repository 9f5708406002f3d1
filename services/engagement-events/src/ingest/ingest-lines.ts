import { MAX_AHEAD_MS } from '@rewardbook/contracts/events/event';
import { LONG_LINE, readEventLine } from '@rewardbook/contracts/events/event-line';
import { LineSplitter, type LineTaker } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { MAX_KEPT_BODY } from '../sql/refused-event.ts';
import { FlushLanes } from './flush-lanes.ts';
import type { IngestContext } from './ingest-context.ts';
import { Rejections } from './refusals.ts';

// Between two looks at the lanes: bounds what a statement gets beyond its size, and how long other requests wait.
const PIECE_BYTES = 65_536;

/**
 * Records a stream of lines of any length in flat memory: reads on only while there is room. When the stream breaks, what
 * was complete before is recorded all the same, and the outcome says so.
 *
 * @returns the error that ended it early, if one did
 */
export async function ingestLines(context: IngestContext, pieces: AsyncIterable<Buffer>): Promise<unknown> {
  const { recorder, programId, outcome, limits } = context;
  const lanes = new FlushLanes(programId, recorder, outcome, limits.flushEvents);
  const rejections = new Rejections(programId, recorder, outcome);
  let latestMs = 0;
  const scanner = new EventScanner();
  const taker: LineTaker = {
    line(block, from, end) {
      if (scanner.scan(block, from, end, latestMs)) {
        lanes.addScanned(block, scanner, outcome.received++);
        return;
      }
      const line = block.subarray(from, end);
      const read = readEventLine(line, latestMs);
      const index = outcome.received++;
      if (read.ok) {
        lanes.add(read.event, index);
        return;
      }
      const id = 'id' in read ? (read.id ?? null) : null;
      const body = rejections.keepsMore ? headOf(line) : '';
      rejections.add({ index, id, code: read.code, message: read.message, body });
    },
    longLine(head) {
      const { code, message } = LONG_LINE;
      rejections.add({ index: outcome.received++, id: null, code, message, body: headOf(head) });
    },
  };
  const splitter = new LineSplitter(taker);

  let broken: unknown;
  try {
    for await (const whole of pieces) {
      for (let from = 0; from < whole.length; from += PIECE_BYTES) {
        latestMs = context.now() + MAX_AHEAD_MS;
        splitter.push(whole.subarray(from, from + PIECE_BYTES));
        await lanes.makeRoom();
        if (rejections.isFull) {
          await rejections.write();
        }
      }
    }
    splitter.end();
  } catch (error) {
    broken = error;
  }
  try {
    await lanes.finish();
    await rejections.write();
  } catch (error) {
    broken ??= error;
  }
  return broken;
}

/** The beginning of a line as text; bytes that are not UTF-8 become U+FFFD. */
function headOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8', 0, MAX_KEPT_BODY);
}
