import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isProblemCode, PROBLEM_KINDS, problemKind } from './problem-codes.ts';

const functions = new URL('../../../db/functions/', import.meta.url);

describe('problem codes', () => {
  it('have every code with which the SQL functions refuse', () => {
    const refused = new Set<string>();
    for (const file of readdirSync(functions)) {
      for (const [, code] of readFileSync(new URL(file, functions), 'utf8').matchAll(/refuse\('([^']+)'/g)) {
        if (code !== undefined) {
          refused.add(code);
        }
      }
    }
    expect(refused.size).toBeGreaterThan(5);
    expect([...refused].filter((code) => !isProblemCode(code))).toEqual([]);
  });

  it('say when to come back wherever the status means later', () => {
    for (const code of Object.keys(PROBLEM_KINDS).filter(isProblemCode)) {
      const kind = problemKind(code);
      if (kind.status === 429 || kind.status === 503) {
        expect(kind.retryAfterSeconds, code).toBeGreaterThan(0);
      }
    }
  });
});
