import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScaled, scaleOf } from '../decimal.ts';
import { splitByLargestRemainder } from './largest-remainder.ts';

interface Case {
  readonly source: string;
  readonly amount: string;
  readonly weights: readonly string[];
  readonly parts: readonly string[];
}

const file = new URL('../../../../../shared/cases/allocation.json', import.meta.url);
const found = existsSync(file);
const cases: { readonly largestRemainder: readonly Case[] } = found
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { largestRemainder: [] };

describe('published splits', () => {
  if (!found) {
    it.skip('../shared/cases/allocation.json is missing: only its copy in largest-remainder.test.ts runs', () => {});
  }

  it.each(cases.largestRemainder)('$source', ({ amount, weights, parts }) => {
    const scale = Math.max(...weights.map(scaleOf));
    const scaled = weights.map((weight) => parseScaled(weight, scale));
    expect(splitByLargestRemainder(BigInt(amount), scaled).map(String)).toEqual(parts);
  });
});
