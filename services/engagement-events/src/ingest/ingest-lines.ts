import { MAX_AHEAD_MS } from '@rewardbook/contracts/event';
import { FlushLanes } from './flush-lanes.ts';
import type { IngestContext } from './ingest-context.ts';
import { readLine } from './read-line.ts';
import { Rejections } from './refusals.ts';
import { LineSplitter, type LineTaker } from './split-lines.ts';

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
  const taker: LineTaker = {
    line(block, from, end, blockIsPlain) {
      const index = outcome.received++;
      const read = readLine(block, from, end, blockIsPlain, latestMs);
      if (read.ok) lanes.add(read.event, index);
      else {
        const id = 'id' in read ? (read.id ?? null) : null;
        rejections.add({
          index,
          id,
          code: read.code,
          message: read.message,
          body: rejections.keepsMore ? block.slice(from, end) : '',
        });
      }
    },
    badLine(code, text) {
      const index = outcome.received++;
      const message =
        code === 'bad-utf8' ? 'the line is not UTF-8' : `the line is longer than ${limits.lineBytes} bytes`;
      rejections.add({ index, id: null, code, message, body: text });
    },
  };
  const splitter = new LineSplitter(taker, limits.lineBytes);

  let broken: unknown;
  try {
    for await (const whole of pieces) {
      for (let from = 0; from < whole.length; from += PIECE_BYTES) {
        latestMs = context.now() + MAX_AHEAD_MS;
        splitter.push(whole.subarray(from, from + PIECE_BYTES));
        await lanes.makeRoom();
        if (rejections.isFull) await rejections.write();
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
