import { describe, expect, it } from 'vitest';
import { IngestOutcome } from './outcome.ts';

describe('Outcome', () => {
  it('lists the 1,000 refused events that come first in the request, in whatever order they are found', () => {
    const outcome = new IngestOutcome();
    for (let i = 0; i < 9_000; i++) {
      outcome.list({ index: (i * 7_919) % 9_000, id: null, code: 'conflict', message: '' });
    }
    expect(outcome.answer().refused.map((line) => line.index)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  });

  it('lists the first 1,000 batches', () => {
    const outcome = new IngestOutcome();
    for (let i = 0; i < 1_500; i++) {
      outcome.addBatch(String(i));
    }
    expect(outcome.answer().batches).toHaveLength(1_000);
    expect(outcome.answer().batches.at(-1)).toBe('999');
  });
});
