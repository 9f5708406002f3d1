import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TallyAnnouncer } from './tally-announcer.ts';

let jobs: string[][];
let failures: number[];
let broken = false;
let announcer: TallyAnnouncer;

beforeEach(() => {
  vi.useFakeTimers();
  jobs = [];
  failures = [];
  broken = false;
  announcer = new TallyAnnouncer({
    enqueue: async (batchIds) => {
      if (broken) {
        throw new Error('no queue');
      }
      jobs.push(batchIds);
    },
    onFailure: (_error, batches) => failures.push(batches),
  });
});
afterEach(() => vi.useRealTimers());

describe('TallyAnnouncer', () => {
  it('sends the first batch immediately, and those of the next 250 ms as one job', () => {
    announcer.announce(1, 1n);
    expect(jobs).toEqual([['1']]);
    announcer.announce(1, 2n);
    vi.advanceTimersByTime(249);
    announcer.announce(1, 3n);
    expect(jobs).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(jobs).toEqual([['1'], ['2', '3']]);
    vi.advanceTimersByTime(1_000);
    announcer.announce(1, 4n);
    expect(jobs.at(-1)).toEqual(['4']);
  });

  it('keeps programs apart', () => {
    announcer.announce(1, 1n);
    announcer.announce(2, 2n);
    expect(jobs).toEqual([['1'], ['2']]);
  });

  it('holds 1,000 batches at most', () => {
    for (let i = 1n; i <= 5_000n; i++) {
      announcer.announce(1, i);
    }
    vi.advanceTimersByTime(250);
    expect(jobs[1]).toHaveLength(1_000);
  });

  it('sends what is left when it closes, and reports failures', async () => {
    announcer.announce(1, 1n);
    announcer.announce(1, 2n);
    broken = true;
    await announcer.close();
    expect(jobs).toEqual([['1']]);
    expect(failures).toEqual([1]);
  });
});
