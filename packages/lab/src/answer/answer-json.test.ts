import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerJson, simulationJson } from './answer-json.ts';

describe('the canonical JSON of an answer', () => {
  it('is what JSON.stringify makes, and a line feed', () => {
    const rows = Array.from({ length: 12_001 }, (_, index) => ({ creatorId: `c${index}`, amount: '1.00' }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (answer) => {
        expect([...answerJson(answer)].join('')).toBe(`${JSON.stringify(answer)}\n`);
      }),
    );
    for (const answer of [{ rows }, { rows: rows.slice(0, 5_000), more: null }, { rows: [] }]) {
      expect([...answerJson(answer)].join('')).toBe(`${JSON.stringify(answer)}\n`);
    }
  });

  it('of a simulation says nothing before its first period', async () => {
    const failing = simulationJson(
      { program: 'p', policyHash: 'h' },
      // biome-ignore lint/correctness/useYield: it fails before
      (function* () {
        throw new Error('no events');
      })(),
    );
    await expect(failing.next()).rejects.toThrow('no events');
    const empty = [];
    for await (const piece of simulationJson({ program: 'p"', policyHash: 'h' }, [])) {
      empty.push(piece);
    }
    expect(empty.join('')).toBe('{"program":"p\\"","policyHash":"h","periods":[]}\n');
  });
});
