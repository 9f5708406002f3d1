import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { describe, expect, it } from 'vitest';
import type { RecordedBatch } from '../sql/batch-store.ts';
import { SEPARATOR } from '../sql/byte-column.ts';
import type { InsertColumns } from '../sql/event-columns.ts';
import { Collector } from './collector.ts';
import type { Recorder } from './recorder.ts';

interface Flush {
  readonly programId: number;
  readonly ids: readonly string[];
  answer(batch: Partial<RecordedBatch>): void;
  fail(error: Error): void;
}

/** A recorder whose statements the test answers. */
function fakeRecorder() {
  const flushes: Flush[] = [];
  const recorder: Pick<Recorder, 'record' | 'keepRefused'> = {
    record: (programId: number, events: InsertColumns) =>
      new Promise((resolve, reject) => {
        const batchId = BigInt(flushes.length + 1);
        flushes.push({
          programId,
          ids: events.texts().ids.split(SEPARATOR),
          answer: (batch) =>
            resolve({ batchId, accepted: events.size, duplicateLines: [], conflictLines: [], ...batch }),
          fail: reject,
        });
      }),
    keepRefused: async () => undefined,
  };
  return { flushes, recorder: recorder as Recorder };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const ids = Array.from({ length: 9 }, (_, i) => `e${i}`);

function event(id: string): EngagementEvent {
  return { id, source: 's', type: 'follow', viewerId: 'v', creatorId: 'c', contentId: '', occurredAt: 0 };
}

function setUp(limits = { collectedFlushEvents: 100, waitingEvents: 1_000 }) {
  const { flushes, recorder } = fakeRecorder();
  const collector = new Collector(recorder, limits);
  const submit = (ids: readonly string[], programId = 1) =>
    collector.submit(programId, ids.map(event), [...ids.keys()]);
  return { flushes, collector, submit };
}

describe('Collector', () => {
  it('writes immediately when idle; what arrives meanwhile goes into the next statement', async () => {
    const { flushes, submit } = setUp();
    const [a = '', b = '', c = '', d = ''] = ids;
    const first = submit([a]);
    await turn();
    const second = submit([b]);
    const third = submit([c, d]);
    await turn();
    expect(flushes.map((flush) => flush.ids)).toEqual([[a]]);
    flushes[0]?.answer({});
    await turn();
    expect(flushes.map((flush) => flush.ids)).toEqual([[a], [b, c, d]]);
    flushes[1]?.answer({ duplicateLines: [0], conflictLines: [2] });
    expect(await first).toMatchObject({ accepted: 1, batches: ['1'] });
    expect(await second).toMatchObject({ accepted: 0, duplicates: 1, batches: ['2'] });
    expect(await third).toMatchObject({ accepted: 1, duplicates: 0, conflicts: [{ index: 1, id: d }] });
  });

  it('keeps programs apart, in turn', async () => {
    const { flushes, submit } = setUp();
    const [a = '', b = '', c = '', d = ''] = ids;
    submit([a], 1);
    await turn();
    submit([b], 2);
    submit([c], 1);
    submit([d], 2);
    for (let i = 0; i < 3; i++) {
      flushes[i]?.answer({});
      await turn();
    }
    expect(flushes.map((flush) => [flush.programId, ...flush.ids])).toEqual([
      [1, a],
      [2, b, d],
      [1, c],
    ]);
  });

  it('bounds a statement and what waits', async () => {
    const { flushes, collector, submit } = setUp({ collectedFlushEvents: 3, waitingEvents: 8 });
    submit(ids.slice(0, 1));
    await turn();
    const waiting = submit(ids.slice(1, 9));
    expect(collector.waiting).toBe(8);
    expect(() => submit(['more'])).toThrow('Too many events are waiting');
    for (let i = 0; i < 4; i++) {
      flushes[i]?.answer({});
      await turn();
    }
    expect(flushes.map((flush) => flush.ids.length)).toEqual([1, 3, 3, 2]);
    expect(await waiting).toMatchObject({ accepted: 8 });
    expect(collector.waiting).toBe(0);
  });

  it('rejects the events of a failed statement, and goes on', async () => {
    const { flushes, submit } = setUp();
    const [a = '', b = ''] = ids;
    const first = submit([a]);
    await turn();
    const second = submit([b]);
    flushes[0]?.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turn();
    flushes[1]?.answer({});
    expect(await second).toMatchObject({ accepted: 1 });
  });
});
