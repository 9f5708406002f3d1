import { expect, it } from 'vitest';
import { planWalk } from './events-by-batch.ts';

const batch = (batchId: number, accepted = 10, [occurredMin, occurredMax] = [1_000, 2_000]) => ({
  batchId,
  accepted,
  occurredMin,
  occurredMax,
});

it('a page reads as many batches as come to its events, near ones as one range', () => {
  const batches = [100, 99, 98, 90, 89, 50].map((number) => batch(number));
  expect(planWalk(batches, {}, 25, 4)).toEqual({ ranges: [[98, 100]], events: 30, lastBatch: 98 });
  expect(planWalk(batches, {}, 1_000, 4)).toEqual({
    ranges: [
      [98, 100],
      [89, 90],
      [50, 50],
    ],
    events: 60,
    lastBatch: undefined,
  });
  expect(planWalk([...batches].reverse(), {}, 1_000, Number.POSITIVE_INFINITY).ranges).toEqual([[50, 100]]);
});

it('batches of another time, or without events, are not read', () => {
  const batches = [batch(3, 10, [0, 999]), batch(2, 0), batch(1, 10, [999, 1_001])];
  const filter = { occurredFrom: new Date(1_000).toISOString(), occurredUntil: new Date(1_001).toISOString() };
  expect(planWalk(batches, filter, 1_000, 4)).toEqual({ ranges: [[1, 1]], events: 10, lastBatch: undefined });
  expect(planWalk([batch(1, 10, [1_001, 5_000])], filter, 1_000, 4).ranges).toEqual([]);
});

it('batches that lie far apart end a page after 32 of them, and the next one goes on there', () => {
  const batches = Array.from({ length: 40 }, (_, index) => batch(10_000 - 100 * index));
  const { ranges, lastBatch } = planWalk(batches, {}, 1_000_000, 4);
  expect(ranges).toHaveLength(32);
  expect(lastBatch).toBe(10_000 - 100 * 31);
});
